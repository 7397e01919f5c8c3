package dev.anneal.sample;

import dev.anneal.noise.Shares;
import java.util.Arrays;
import java.util.List;

/**
 * Draws tokens, now that their guesses are known.
 *
 * @param pending the tokens to be drawn, [row]
 * @param present what stands in their places, [row]
 * @param realTokens N, and the mask
 */
record Drawing(List<Pending> pending, List<Integer> present, int realTokens) {

  /**
   * The drawn tokens, [row].
   *
   * @param guess of each row
   */
  int[] tokens(Guess guess) {
    Shares[] shares = shares(guess);
    double[] draws = new double[shares.length];
    Arrays.setAll(draws, row -> shares[row].withinGuess(chance(row)));
    int[] tokens = guess.draw(draws);
    for (int row = 0; row < tokens.length; row++) {
      if (!shares[row].asksTheGuess(chance(row))) {
        tokens[row] = shares[row].token(chance(row), present.get(row), realTokens);
      }
    }
    return tokens;
  }

  private double chance(int row) {
    return pending.get(row).chance();
  }

  private Shares[] shares(Guess guess) {
    double[] guessOfNow = new double[pending.size()];
    if (pending.stream().anyMatch(Pending::weighs)) {
      // A mask is not weighed: any token stands for it.
      guessOfNow =
          guess.chances(present.stream().mapToInt(id -> Math.min(id, realTokens - 1)).toArray());
    }
    Shares[] shares = new Shares[guessOfNow.length];
    for (int row = 0; row < shares.length; row++) {
      shares[row] = pending.get(row).shares(guessOfNow[row], realTokens);
    }
    return shares;
  }
}
