package dev.anneal.evaluate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How much texts repeat runs of {@code length} tokens.
 *
 * @param length tokens of a run, at least 1
 */
public record Repetition(int length) {

  /** Checks the length. */
  public Repetition {
    if (length < 1) {
      throw new IllegalArgumentException("runs of %d tokens: expected 1 or more".formatted(length));
    }
  }

  /** A run, comparable by content. */
  private record Run(List<Integer> tokens) {}

  /**
   * The share of the runs of all texts together that differ (distinct-n, Li et al. 2016). It falls
   * with the number of tokens, so compare equal amounts of text. Its error is the jackknife's, over
   * the texts.
   *
   * @param texts ids of each text
   */
  public Figure distinct(List<int[]> texts) {
    Map<Run, Integer> owners = new HashMap<>(); // the only text that has the run, or SEVERAL
    int[] runs = new int[texts.size()];
    for (int text = 0; text < runs.length; text++) {
      int owner = text;
      List<Run> all = runs(texts.get(text)).toList();
      all.forEach(
          run -> owners.merge(run, owner, (one, other) -> one.equals(other) ? one : SEVERAL));
      runs[text] = all.size();
    }
    int total = Arrays.stream(runs).sum();
    if (total == 0) {
      return tooShort();
    }
    int[] own = new int[runs.length];
    owners.values().stream().filter(owner -> owner != SEVERAL).forEach(owner -> own[owner]++);
    double[] without = // the share among the other texts
        IntStream.range(0, runs.length)
            .filter(text -> total > runs[text])
            .mapToDouble(text -> (double) (owners.size() - own[text]) / (total - runs[text]))
            .toArray();
    return new Estimate((double) owners.size() / total, jackknife(without), runs.length);
  }

  private static final int SEVERAL = -1;

  private static OptionalDouble jackknife(double[] without) {
    int count = without.length;
    if (count < 2) {
      return OptionalDouble.empty();
    }
    double mean = Arrays.stream(without).average().orElseThrow();
    double squares = Arrays.stream(without).map(each -> (each - mean) * (each - mean)).sum();
    return OptionalDouble.of(Math.sqrt(squares * (count - 1) / count));
  }

  /**
   * The share of a text's runs that stood in the same text before; the mean over the texts that are
   * long enough to have a run.
   *
   * @param texts ids of each text
   */
  public Figure repeated(List<int[]> texts) {
    double[] shares =
        texts.stream()
            .filter(ids -> ids.length >= length)
            .mapToDouble(
                ids -> {
                  List<Run> all = runs(ids).toList();
                  return 1 - (double) new HashSet<>(all).size() / all.size();
                })
            .toArray();
    return shares.length == 0 ? tooShort() : Estimate.mean(shares);
  }

  private Absent tooShort() {
    return new Absent("no text has %d tokens".formatted(length));
  }

  private Stream<Run> runs(int[] ids) {
    return IntStream.rangeClosed(0, ids.length - length)
        .mapToObj(first -> new Run(Arrays.stream(ids, first, first + length).boxed().toList()));
  }
}
