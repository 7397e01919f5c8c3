package dev.anneal.noise;

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
    return now == mask ? givenMask(guess) : shares(guess[now], guess.length).over(now, guess);
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
    return Shares.of(earlier).over(0, guess);
  }

  /**
   * The distribution of the earlier token when the present one is real. Of the whole guess it needs
   * one number.
   *
   * @param guessOfNow the chance that the guess gives to the present token
   * @param realTokens N
   */
  public Shares shares(double guessOfNow, int realTokens) {
    return shares(kernel.scattered(), earlier, later, guessOfNow, realTokens);
  }

  /**
   * The same to first order: the noise between the states is its rates times the step, and the
   * earlier state is taken for the present one. Where the step is so long that the chances of a
   * change exceed one, they are scaled down to it.
   *
   * @param scatters rate of scatters times the step of sigma
   * @param state the chances of the present state
   */
  public static Shares firstOrderShares(
      double scatters, Chances state, double guessOfNow, int realTokens) {
    return shares(scatters, state, state, guessOfNow, realTokens);
  }

  private static Shares shares(
      double scatters, Chances earlier, Chances later, double guessOfNow, int realTokens) {
    if (later.scattered() == 0) {
      return Shares.NOW;
    }
    double elsewhere = (1 - guessOfNow) / later.scattered();
    double here = guessOfNow / (realTokens * later.kept() + later.scattered());
    return Shares.withRest(
        scatters * earlier.scattered() * (elsewhere + here),
        scatters * earlier.kept() / later.scattered());
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
