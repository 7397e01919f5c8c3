package dev.anneal.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Which texts the models of a study write, to be judged: every rate with every sampler at every
 * temperature.
 *
 * @param samples texts of each kind
 * @param length tokens of a text
 * @param reference texts of people to compare with (MAUVE); by default none
 * @param lines what is varied, at least one
 */
public record SweepRecipe(
    int samples, int length, Optional<ReferenceRecipe> reference, List<Line> lines) {

  public SweepRecipe {
    lines = List.copyOf(lines);
    IllegalSetting.requireAtLeast(1, "samples", samples);
    IllegalSetting.requireAtLeast(1, "length", length);
    if (lines.isEmpty()) {
      throw new IllegalSetting("lines", "[]", "at least one");
    }
  }

  /**
   * Texts of people.
   *
   * @param files at least one
   * @param split where files of plain text are cut into documents; by default nowhere
   * @param length how many of a text's tokens are looked at; by default 128
   */
  public record ReferenceRecipe(
      List<Path> files, @Default("file") Split split, @Default("128") int length) {

    public ReferenceRecipe {
      files = List.copyOf(files);
      if (files.isEmpty()) {
        throw new IllegalSetting("files", "[]", "at least one");
      }
      IllegalSetting.requireAtLeast(1, "length", length);
    }
  }

  /**
   * A hyperschedule and what is varied under it.
   *
   * @param models the models' names, at least one
   * @param hyperschedule without rate or levels, such as {@code {name: block, width: 16}}
   * @param rates tokens settled by a call, on average; by default 1
   * @param samplers the first is the one that others are compared with at matched entropy; by
   *     default {@code ancestral}
   * @param temperatures two or more let the first sampler be compared at matched entropy; by
   *     default 1
   */
  public record Line(
      List<String> models,
      Choice hyperschedule,
      @Default("[1]") List<Double> rates,
      @Default("[ancestral]") List<Choice> samplers,
      @Default("[1]") List<Double> temperatures) {

    public Line {
      models = List.copyOf(models);
      rates = List.copyOf(rates);
      samplers = List.copyOf(samplers);
      temperatures = List.copyOf(temperatures);
      for (String key : List.of("rate", "levels")) {
        if (hyperschedule.sets(key)) {
          throw new IllegalSetting(
              "hyperschedule", hyperschedule.name() + " with " + key, "none: rates vary it");
        }
      }
      requireSome("models", models);
      requireSome("rates", rates);
      requireSome("samplers", samplers);
      requireSome("temperatures", temperatures);
      rates.forEach(rate -> IllegalSetting.requireAboveZero("rates", rate));
      temperatures.forEach(each -> IllegalSetting.requireZeroOrMore("temperatures", each));
    }

    private static void requireSome(String key, List<?> values) {
      if (values.isEmpty()) {
        throw new IllegalSetting(key, "[]", "at least one");
      }
    }
  }

  /** The same sweep, its files mapped. */
  SweepRecipe withPaths(UnaryOperator<Path> mapped) {
    return new SweepRecipe(
        samples,
        length,
        reference.map(
            people ->
                new ReferenceRecipe(
                    people.files.stream().map(mapped).toList(), people.split, people.length)),
        lines);
  }
}
