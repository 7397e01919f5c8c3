package dev.anneal.sample;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;

/**
 * Turns guesses into tokens: softmax(logits/temperature), cut to the nucleus (Holtzman et al.
 * 2020), and the inverse of its cumulative distribution at one uniform draw a row.
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
   * Draws one token a row.
   *
   * @param logits [row, vocab]
   * @param draws uniform in [0, 1), [row]
   * @return ids [row]
   * @throws ArithmeticException if a row has no distribution, as its logits are not finite
   */
  public int[] choose(Tensor logits, double[] draws) {
    Tensor ids =
        temperature == 0 ? likeliest(logits) : drawn(chances(logits), column(draws, logits));
    return Arrays.stream(ids.toLongs()).mapToInt(Math::toIntExact).toArray();
  }

  private static Tensor likeliest(Tensor logits) {
    Tensor ids = logits.argmax(1).unsqueeze(1); // [row, 1]
    requireFinite(logits.gather(1, ids)); // what is not a number counts as the largest
    return ids;
  }

  /** Without this an index beyond the vocabulary would be looked up, which ends a GPU's process. */
  private static void requireFinite(Tensor numbers) {
    if (!Double.isFinite(numbers.sum().item())) {
      throw new ArithmeticException("the logits hold no guess: some are not finite");
    }
  }

  private Tensor chances(Tensor logits) {
    Tensor exact = logits.to(DType.FLOAT32);
    return Nn.softmax(
        temperature == 1 ? exact : exact.multiply(Math.min(1 / temperature, STEEPEST)));
  }

  /** Draws as float32 [row, 1]; what would round up to 1 stays below. */
  private static Tensor column(double[] draws, Tensor logits) {
    float[] column = new float[draws.length];
    for (int row = 0; row < column.length; row++) {
      column[row] = Math.min((float) draws[row], Math.nextDown(1f));
    }
    return Tensors.of(column, column.length, 1).to(logits.device());
  }

  private Tensor drawn(Tensor chances, Tensor draws) {
    if (topP == 1) {
      Tensor sums = chances.cumulativeSum(1); // [row, vocab]
      return inverse(sums, total(sums), draws);
    }
    var sorted = Nn.sortDescending(chances);
    Tensor sums = sorted.values().cumulativeSum(1); // [row, vocab]
    // A sum that equals top-p reaches it; the search counts those at most what it seeks.
    Tensor sought = total(sums).multiply(Math.nextDown((float) topP)); // [row, 1]
    Tensor mass = sums.gather(1, Nn.searchSorted(sums, sought));
    return sorted.indices().gather(1, inverse(sums, mass, draws));
  }

  /** The last sum of each row, [row, 1]. */
  private static Tensor total(Tensor sums) {
    Tensor total = sums.narrow(1, sums.size(1) - 1, 1);
    requireFinite(total);
    return total;
  }

  /**
   * The first index whose sum exceeds draw · mass: it has a chance above 0, and as a draw below 1
   * gives a product below the mass, it is not beyond the mass.
   */
  private static Tensor inverse(Tensor sums, Tensor mass, Tensor draws) {
    return Nn.searchSorted(sums, mass.multiply(draws));
  }
}
