package dev.anneal.noise;

import java.util.Optional;

/**
 * What a process does that scatters a share of the tokens at its very start, and only masks from
 * then on: {@link EpsilonHybrid}, and with epsilon 0 {@link Absorb}.
 *
 * @param epsilon the chance in [0, 1] that a token which is not masked has been scattered
 */
public record StartScatter(double epsilon) {

  private static final double ROUNDING = 1e-12;

  /** Checks the chance. */
  public StartScatter {
    Chances.requireChance("epsilon", epsilon);
  }

  /** That of a process; absent if it masks at another pace than alpha falls, or scatters later. */
  public static Optional<StartScatter> of(NoiseProcess process) {
    double epsilon = process.chances(1).scattered();
    Chances half = process.chances(0.5);
    boolean fits =
        Math.abs(half.scattered() - epsilon * half.unmasked()) <= ROUNDING
            && Math.abs(half.masked() - 0.5) <= ROUNDING;
    return fits ? Optional.of(new StartScatter(epsilon)) : Optional.empty();
  }

  /**
   * How much the token z that is there gains on every other when a guess that takes half of all
   * tokens for scattered, as the ε-hybrid's losses teach it, is made the posterior under this
   * scatter: {@code C(z)[z]/C½(z)[z]} over {@code C(x)[z]/C½(x)[z]}. Infinite for epsilon 0, where
   * a real token is certain. (docs/math.md, "What the guess of a real token means")
   *
   * @param realTokens N
   */
  public double trust(int realTokens) {
    return ((1 - epsilon) * realTokens + epsilon) / (epsilon * (realTokens + 1.0));
  }
}
