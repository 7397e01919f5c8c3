package dev.anneal.noise;

import java.util.Arrays;

/**
 * The way back: what a token was in an earlier, less noisy state, given what it is now and a guess
 * of the clean token. Bayes' rule with the three chances, for every process alike.
 *
 * <p>Distributions are arrays over the real tokens 0 … N − 1, followed, in results, by the mask at
 * index N. The guess is the model's distribution of the clean token <em>given the present noisy
 * state</em>; it is averaged over, so the result is Σ guess(clean) · q(earlier | now, clean). For a
 * guess that is certain, this is q itself. The cost is linear in N. See docs/math.md, "Posterior".
 *
 * <p>When the earlier state is {@link Chances#CLEAN}, the result is the guess, but for a token that
 * noise cannot have touched: where nothing scatters, a real token is the clean one, whatever the
 * guess says. {@code chances(1)} of {@link EpsilonHybrid} is not the clean state, the result is
 * then still scattered.
 */
public final class Posterior {

  /** What the sum of a float32 softmax over a large vocabulary may be away from one. */
  private static final double GUESS_ROUNDING = 1e-5;

  private final Chances earlier;
  private final Chances kernel;
  private final Chances later;

  /**
   * The posterior between two states of one process.
   *
   * @param earlier the chances of the less noisy state
   * @param later the chances of the present state
   * @throws IllegalArgumentException when the later state cannot follow the earlier one
   */
  public Posterior(Chances earlier, Chances later) {
    this.earlier = earlier;
    this.kernel = later.since(earlier);
    this.later = later;
  }

  /**
   * The distribution of the earlier token.
   *
   * @param now the present token, 0 … N − 1, or N for the mask
   * @param guess the distribution of the clean token, [N]
   * @return [N + 1], the mask last
   * @throws IllegalArgumentException when the guess is no distribution, or the present token cannot
   *     occur in the later state
   */
  public double[] given(int now, double[] guess) {
    requireDistribution(guess);
    int mask = guess.length;
    if (now < 0 || now > mask) {
      throw new IllegalArgumentException(
          "now is %d; expected a token from 0 to %d, or %d for the mask"
              .formatted(now, mask - 1, mask));
    }
    if ((now == mask ? later.masked() : later.unmasked()) == 0) {
      throw new IllegalArgumentException(
          "now is %d, which has no chance in the state %s".formatted(now, later));
    }
    return now == mask ? givenMask(guess) : givenToken(now, guess);
  }

  /**
   * The distribution of the earlier token when nothing is known but that it is real: the guess,
   * scattered. Under {@link EpsilonHybrid} this is (1 − ε)·guess + ε·uniform.
   *
   * <p>A token that is real now may be redrawn from this with any chance, and the earlier state
   * keeps its distribution: the exact refresh (docs/math.md, "Refresh").
   *
   * @param guess the distribution of the clean token, [N]
   * @return [N + 1], the mask, with chance 0, last
   * @throws IllegalArgumentException when the guess is no distribution, or the earlier state has no
   *     real tokens
   */
  public double[] refreshed(double[] guess) {
    requireDistribution(guess);
    if (earlier.unmasked() == 0) {
      throw new IllegalArgumentException("no token is real in the state %s".formatted(earlier));
    }
    double fromGuess = earlier.kept() / earlier.unmasked();
    double fromAny = earlier.scattered() / earlier.unmasked() / guess.length;
    double[] result = new double[guess.length + 1];
    for (int token = 0; token < guess.length; token++) {
      result[token] = fromGuess * guess[token] + fromAny;
    }
    return result;
  }

  /** A mask was one already, or else it says nothing about the real token it hides. */
  private double[] givenMask(double[] guess) {
    double stays = Math.min(earlier.masked() / later.masked(), 1);
    double[] result = stays == 1 ? new double[guess.length + 1] : refreshed(guess);
    for (int token = 0; token < guess.length; token++) {
      result[token] *= 1 - stays;
    }
    result[guess.length] = stays;
    return result;
  }

  private double[] givenToken(int now, double[] guess) {
    double[] result = new double[guess.length + 1];
    double byScatter = later.scattered() / guess.length;
    if (byScatter == 0) {
      result[now] = 1;
      return result;
    }
    for (int clean = 0; clean < guess.length; clean++) {
      double chanceOfNow = clean == now ? later.kept() + byScatter : byScatter;
      result[clean] = guess[clean] / chanceOfNow;
    }
    double total = Arrays.stream(result).sum();
    double scatteredBefore = earlier.scattered() / guess.length * total;
    double scatteredSince = kernel.scattered() / guess.length;
    for (int token = 0; token < guess.length; token++) {
      double before = earlier.kept() * result[token] + scatteredBefore;
      result[token] = before * (token == now ? kernel.kept() + scatteredSince : scatteredSince);
    }
    return result;
  }

  private static void requireDistribution(double[] guess) {
    double sum = 0;
    for (int token = 0; token < guess.length; token++) {
      if (!(guess[token] >= 0)) {
        throw new IllegalArgumentException(
            "guess[%d] is %s; expected a chance".formatted(token, guess[token]));
      }
      sum += guess[token];
    }
    if (!(Math.abs(sum - 1) <= GUESS_ROUNDING)) {
      throw new IllegalArgumentException("the guess sums to %s; expected 1".formatted(sum));
    }
  }
}
