package dev.anneal.cli;

import dev.anneal.sample.Correction;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.HyperscheduleChoice;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a hyperschedule, the same in every command. */
final class HyperscheduleOptions {

  @Option(
      names = "--hyperschedule",
      paramLabel = "NAME",
      description = "quenched, flat, block, slide or hybrid (default: block).")
  private @Nullable String name;

  @Option(
      names = "--width",
      paramLabel = "W",
      description = "Positions in the window of block, slide and hybrid (default: 32, or fewer).")
  private @Nullable Integer width;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description =
          "Tokens settled by a model call, on average: more is faster, less is better (default: 1).")
  private @Nullable Double rate;

  @Option(
      names = "--levels",
      paramLabel = "L",
      description = "Noise levels a token goes through, in place of a rate.")
  private @Nullable Integer levels;

  /**
   * The hyperschedule for so many positions to settle.
   *
   * @throws IllegalArgumentException if the options do not fit each other or the length
   */
  Hyperschedule forLength(int length) {
    String usual = name == null ? "block" : name;
    return new HyperscheduleChoice(usual, integer(width), decimal(rate), integer(levels))
        .forLength(length);
  }

  /**
   * The hyperschedule under which a text of so many tokens is corrected.
   *
   * @throws IllegalArgumentException if the options do not fit each other or the length
   */
  Hyperschedule forCorrection(int length) {
    return Correction.hyperschedule(
            Optional.ofNullable(name), integer(width), decimal(rate), integer(levels))
        .forLength(length);
  }

  private static OptionalInt integer(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private static OptionalDouble decimal(@Nullable Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
