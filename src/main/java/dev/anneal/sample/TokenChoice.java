package dev.anneal.sample;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;

/**
 * How a guess is cut before a sampler draws from it: softmax(logits/temperature), and of that the
 * nucleus (Holtzman et al. 2020). A sampler takes what is left for the guess.
 *
 * @param temperature 1 draws from the guess; less prefers likely tokens, 0 takes the likeliest
 * @param topP draws only from the smallest set of likeliest tokens whose chances reach this sum; 1
 *     draws from all
 */
public record TokenChoice(double temperature, double topP) {

  /** Draws from the guess as it is. */
  public static final TokenChoice PLAIN = new TokenChoice(1, 1);

  /** A temperature below its inverse is as good as 0; its quotients stay within float32. */
  private static final double STEEPEST = 1e30;

  /** Checks both numbers. */
  public TokenChoice {
    if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "temperature %s: expected a number from 0 (greedy) up".formatted(temperature));
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException(
          "top-p %s: expected a number above 0, at most 1 (all tokens)".formatted(topP));
    }
  }

  /**
   * What the tokens of some rows are drawn from.
   *
   * @param logits [row, vocab]
   * @throws ArithmeticException if a row has no distribution, as its logits are not finite
   */
  Guess guess(Tensor logits) {
    if (temperature == 0) {
      return Guess.Likeliest.of(logits);
    }
    Tensor exact = logits.to(DType.FLOAT32);
    Tensor chances =
        Nn.softmax(temperature == 1 ? exact : exact.multiply(Math.min(1 / temperature, STEEPEST)));
    return topP == 1 ? Guess.Whole.of(chances) : Guess.Nucleus.of(chances, topP);
  }
}
