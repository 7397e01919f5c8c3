package dev.anneal.cli;

import dev.anneal.noise.Noise;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.sample.Sampler;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose a sampler. */
final class SamplerOptions {
  private static final Family<Sampler> FAMILY = Family.of(Sampler.class);

  /** All names that {@code --sampler} takes. */
  static final class Names implements Iterable<String> {

    @Override
    public Iterator<String> iterator() {
      var names = new ArrayList<>(List.of("acs"));
      names.addAll(FAMILY.names());
      return names.iterator();
    }
  }

  @Option(
      names = "--sampler",
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description =
          "${COMPLETION-CANDIDATES} (default: acs, which is adaptive-correction; analytic where"
              + " the noise goes on scattering tokens).")
  private @Nullable String name;

  @Option(
      names = "--eta",
      paramLabel = "X",
      description =
          "Strength of the corrections, of remask-shuffle and remdm too, 0 … 1 (default: 0.1).")
  private @Nullable Double eta;

  @Option(
      names = "--threshold",
      paramLabel = "X",
      description = "The chance from which confidence is sure of a token, 0 … 1 (default: 0.9).")
  private @Nullable Double threshold;

  @Option(
      names = "--bound",
      paramLabel = "X",
      description = "What entropy-bound may leave open in a call, in nats (default: 0.1).")
  private @Nullable Double bound;

  /**
   * The sampler for a model's noise.
   *
   * @throws IllegalArgumentException if the name is unknown, or an option is out of range or of
   *     another sampler
   */
  Sampler sampler(Noise noise) {
    Choice choice = Choice.of(name == null ? Sampler.usual(noise) : Sampler.fullName(name));
    choice = set(choice, "eta", eta);
    choice = set(choice, "threshold", threshold);
    choice = set(choice, "bound", bound);
    return FAMILY.create(choice);
  }

  private static Choice set(Choice choice, String setting, @Nullable Double value) {
    if (value == null) {
      return choice;
    }
    if (!has(choice, setting)) {
      String others =
          FAMILY.names().stream()
              .filter(other -> has(Choice.of(other), setting))
              .collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          "--%s: %s has none, expected one of %s".formatted(setting, choice.name(), others));
    }
    return choice.with(setting, value);
  }

  private static boolean has(Choice choice, String setting) {
    return FAMILY.describe(FAMILY.create(Choice.of(choice.name()))).settings().containsKey(setting);
  }
}
