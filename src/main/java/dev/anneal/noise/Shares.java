package dev.anneal.noise;

/**
 * A distribution over the real tokens, mixed of three: the present token, all tokens alike, and the
 * guess. Whatever a token may have been before its noise is such a mixture, so one draw decides
 * which of the three a token comes from, and a row of chances is never written down. See
 * docs/math.md, "Shares".
 *
 * @param now the chance in [0, 1] that it is the present token
 * @param uniform the chance in [0, 1] of a token drawn uniformly
 * @param guess the chance in [0, 1] of a token drawn from the guess; the three sum to one within
 *     1e-9
 */
public record Shares(double now, double uniform, double guess) {

  /** The present token, for certain. */
  public static final Shares NOW = new Shares(1, 0, 0);

  /** The guess as it is. */
  public static final Shares GUESS = new Shares(0, 0, 1);

  private static final double ROUNDING = 1e-9;

  /** Checks the chances. */
  public Shares {
    Chances.requireChance("now", now);
    Chances.requireChance("uniform", uniform);
    Chances.requireChance("guess", guess);
    if (Math.abs(now + uniform + guess - 1) > ROUNDING) {
      throw new IllegalArgumentException(
          "shares now %s, uniform %s and guess %s: expected a sum of 1"
              .formatted(now, uniform, guess));
    }
  }

  /**
   * A token that is real in a state and of which only the guess is known: the guess, scattered.
   * Under {@link EpsilonHybrid} this is (1 − ε)·guess + ε·uniform.
   *
   * @throws IllegalArgumentException if no token is real in the state
   */
  public static Shares of(Chances state) {
    if (state.unmasked() == 0) {
      throw new IllegalArgumentException("no token is real in the state %s".formatted(state));
    }
    double uniform = state.scattered() / state.unmasked();
    return new Shares(0, uniform, 1 - uniform);
  }

  /**
   * What is left to the present token after the other two; where those exceed one, they are scaled
   * down to it.
   */
  static Shares withRest(double uniform, double guess) {
    double whole = Math.max(1, uniform + guess);
    return new Shares(Math.max(0, 1 - (uniform + guess)), uniform / whole, guess / whole);
  }

  /**
   * Whether a draw falls to the guess; else {@link #token} knows the token without it.
   *
   * @param draw uniform in [0, 1)
   */
  public boolean asksTheGuess(double draw) {
    return guess > 0 && draw >= now + uniform;
  }

  /**
   * Where a draw that falls to the guess lies within it; 0 if it does not.
   *
   * @return uniform in [0, 1)
   */
  public double withinGuess(double draw) {
    return asksTheGuess(draw) ? Math.min((draw - now - uniform) / guess, Math.nextDown(1.0)) : 0;
  }

  /**
   * The token of a draw that does not fall to the guess.
   *
   * @param present the present token
   * @param realTokens N: the real tokens are 0 … N − 1
   */
  public int token(double draw, int present, int realTokens) {
    return draw < now || uniform == 0
        ? present
        : Math.min((int) ((draw - now) / uniform * realTokens), realTokens - 1);
  }

  /**
   * The mixture, written down.
   *
   * @param present the present token, 0 … N − 1; any if its share is 0
   * @param guess the distribution of the clean token, [N]
   * @return [N + 1], the mask, with chance 0, last
   */
  double[] over(int present, double[] guess) {
    double[] mixed = new double[guess.length + 1];
    for (int token = 0; token < guess.length; token++) {
      mixed[token] = this.guess * guess[token] + uniform / guess.length;
    }
    mixed[present] += now;
    return mixed;
  }
}
