package dev.anneal.sample;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;

/**
 * How a guess is bent before a sampler draws from it: guided away from what it would be without the
 * known tokens, then softmax(logits/temperature), and of that the nucleus (Holtzman et al. 2020). A
 * sampler takes what is left for the guess.
 *
 * @param temperature 1 draws from the guess; less prefers likely tokens, 0 takes the likeliest
 * @param topP draws only from the smallest set of likeliest tokens whose chances reach this sum; 1
 *     draws from all
 * @param guidance c in logits = un + (c + 1)·(cond − un), where un are those of a text whose known
 *     tokens are masked (classifier-free guidance); 0 is off, more follows the known tokens more
 */
public record TokenChoice(double temperature, double topP, double guidance) {

  /** Draws from the guess as it is. */
  public static final TokenChoice PLAIN = new TokenChoice(1, 1);

  /** A temperature below its inverse is as good as 0; its quotients stay within float32. */
  private static final double STEEPEST = 1e30;

  /** Without guidance. */
  public TokenChoice(double temperature, double topP) {
    this(temperature, topP, 0);
  }

  /** Checks the numbers. */
  public TokenChoice {
    if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "temperature %s: expected a number from 0 (greedy) up".formatted(temperature));
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException(
          "top-p %s: expected a number above 0, at most 1 (all tokens)".formatted(topP));
    }
    if (!(guidance >= 0 && guidance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "guidance %s: expected a number from 0 (off) up".formatted(guidance));
    }
  }

  /**
   * Logits of a guided guess.
   *
   * @param conditional given the known tokens, [row, vocab]
   * @param unconditional given masks in their places, [row, vocab]
   */
  Tensor guided(Tensor conditional, Tensor unconditional) {
    Tensor without = unconditional.to(DType.FLOAT32);
    Tensor pull = conditional.to(DType.FLOAT32).subtract(without);
    return without.add(pull.multiply(guidance + 1));
  }

  /**
   * What the tokens of some rows are drawn from; a row whose logits are not finite has no
   * distribution, which {@link Guess} finds out.
   *
   * @param logits [row, vocab]
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
