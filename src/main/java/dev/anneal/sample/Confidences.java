package dev.anneal.sample;

import java.util.Arrays;
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
   * The chances that guesses give to tokens, NaN where the request does not ask for them.
   *
   * @param ids real tokens, [row]
   * @param guess of each row
   */
  static double[] of(Request request, int[] ids, Guess guess) {
    return switch (request.telling()) {
      case CHANGES -> {
        double[] unknown = new double[ids.length];
        Arrays.fill(unknown, Double.NaN);
        yield unknown;
      }
      case CONFIDENCE -> guess.chances(ids);
    };
  }

  /** Keeps the chances of tokens that were drawn. */
  void note(List<DrawnToken> drawn) {
    if (telling == Request.Telling.CONFIDENCE) {
      for (DrawnToken token : drawn) {
        tokens[token.sequence()][token.position()] = token.id();
        chances[token.sequence()][token.position()] = token.confidence();
      }
    }
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
