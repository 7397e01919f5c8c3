package dev.anneal.sample;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Which chances the guesses gave to the tokens of the texts. To look them up takes a pass over the
 * guesses, so that it is done only if it is asked for.
 */
final class Confidences {
  private final Request.Telling telling;
  private final int[][] tokens; // [sequence][position], of which the chance is
  private final double[][] chances; // [sequence][position], NaN where no guess was asked

  Confidences(Request request) {
    this.telling = request.telling();
    int length =
        switch (telling) {
          case CHANGES -> 0;
          case CONFIDENCE -> request.draft().order().length();
        };
    this.tokens = new int[request.draft().sequences()][length];
    this.chances = new double[request.draft().sequences()][length];
    for (double[] ofText : chances) {
      Arrays.fill(ofText, Double.NaN);
    }
  }

  /**
   * Looks up the chances of tokens.
   *
   * @param drawn the rows that count
   * @param round where the tokens stand, [row]
   * @param ids the tokens, [row]
   * @param guess of each row
   */
  void note(BitSet drawn, List<Pending> round, int[] ids, Guess guess) {
    if (telling == Request.Telling.CHANGES) {
      return;
    }
    double[] given = guess.chances(ids);
    drawn.stream()
        .forEach(
            row -> {
              Pending token = round.get(row);
              tokens[token.sequence()][token.position()] = ids[row];
              chances[token.sequence()][token.position()] = given[row];
            });
  }

  /** The chance of the token that stands at a position; empty if its guess was not asked. */
  OptionalDouble of(int sequence, int position, int token) {
    if (telling == Request.Telling.CHANGES
        || Double.isNaN(chances[sequence][position])
        || tokens[sequence][position] != token) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(chances[sequence][position]);
  }
}
