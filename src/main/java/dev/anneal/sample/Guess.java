package dev.anneal.sample;

import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;

/**
 * What the tokens of some rows are drawn from: the model's guess, as a {@link TokenChoice} has cut
 * it.
 */
sealed interface Guess {

  /**
   * Draws one token a row.
   *
   * @param draws uniform in [0, 1), [row]
   * @return ids [row]
   */
  int[] draw(double[] draws);

  /**
   * The chance of one token a row.
   *
   * @param ids real tokens, [row]
   * @return [row]
   */
  double[] chances(int[] ids);

  /**
   * The likeliest tokens, for certain.
   *
   * @param ids int64 [row, 1]
   */
  record Likeliest(Tensor ids) implements Guess {

    static Likeliest of(Tensor logits) {
      Tensor ids = logits.argmax(1).unsqueeze(1); // [row, 1]
      requireFinite(logits.gather(1, ids)); // what is not a number counts as the largest
      return new Likeliest(ids);
    }

    @Override
    public int[] draw(double[] draws) {
      return integers(ids);
    }

    @Override
    public double[] chances(int[] tokens) {
      int[] likeliest = integers(ids);
      double[] chances = new double[tokens.length];
      Arrays.setAll(chances, row -> tokens[row] == likeliest[row] ? 1 : 0);
      return chances;
    }
  }

  /**
   * All tokens.
   *
   * @param chances [row, vocab]
   * @param sums their running sums, [row, vocab]
   */
  record Whole(Tensor chances, Tensor sums) implements Guess {

    static Whole of(Tensor chances) {
      return new Whole(chances, chances.cumulativeSum(1));
    }

    @Override
    public int[] draw(double[] draws) {
      return integers(inverse(sums, total(sums), draws));
    }

    @Override
    public double[] chances(int[] tokens) {
      return chances
          .gather(1, Tensors.of(tokens, tokens.length, 1).to(chances.device()))
          .toDoubles();
    }
  }

  /**
   * The likeliest tokens, as many as it takes to reach a sum of chances (Holtzman et al. 2020).
   *
   * @param sorted the chances in falling order, [row, vocab]
   * @param sums their running sums, [row, vocab]
   * @param mass the sum of those in the nucleus, [row, 1]
   */
  record Nucleus(Nn.Sorted sorted, Tensor sums, Tensor mass) implements Guess {

    static Nucleus of(Tensor chances, double topP) {
      var sorted = Nn.sortDescending(chances);
      Tensor sums = sorted.values().cumulativeSum(1); // [row, vocab]
      // A sum that equals top-p reaches it; the search counts those at most what it seeks.
      Tensor sought = total(sums).multiply(Math.nextDown((float) topP)); // [row, 1]
      return new Nucleus(sorted, sums, sums.gather(1, Nn.searchSorted(sums, sought)));
    }

    @Override
    public int[] draw(double[] draws) {
      return integers(sorted.indices().gather(1, inverse(sums, mass, draws)));
    }

    @Override
    public double[] chances(int[] tokens) {
      Tensor wanted = Tensors.of(tokens, tokens.length, 1).to(sums.device());
      Tensor rank = Nn.indexOf(sorted.indices(), wanted); // [row, 1]
      double[] chances = sorted.values().gather(1, rank).toDoubles();
      double[] reached = sums.gather(1, rank).toDoubles();
      double[] whole = mass.toDoubles();
      Arrays.setAll(chances, row -> reached[row] <= whole[row] ? chances[row] / whole[row] : 0);
      return chances;
    }
  }

  /**
   * The first index whose sum exceeds draw · mass: it has a chance above 0, and as a draw below 1
   * gives a product below the mass, it is not beyond the mass.
   */
  private static Tensor inverse(Tensor sums, Tensor mass, double[] draws) {
    return Nn.searchSorted(sums, mass.multiply(column(draws, sums)));
  }

  /** Draws as float32 [row, 1]; what would round up to 1 stays below. */
  private static Tensor column(double[] draws, Tensor sums) {
    float[] column = new float[draws.length];
    for (int row = 0; row < column.length; row++) {
      column[row] = Math.min((float) draws[row], Math.nextDown(1f));
    }
    return Tensors.of(column, column.length, 1).to(sums.device());
  }

  /** The last sum of each row, [row, 1]. */
  private static Tensor total(Tensor sums) {
    Tensor total = sums.narrow(1, sums.size(1) - 1, 1);
    requireFinite(total);
    return total;
  }

  /** Without this an index beyond the vocabulary would be looked up, which ends a GPU's process. */
  private static void requireFinite(Tensor numbers) {
    if (!Double.isFinite(numbers.sum().item())) {
      throw new ArithmeticException("the logits hold no guess: some are not finite");
    }
  }

  private static int[] integers(Tensor ids) {
    return Arrays.stream(ids.toLongs()).mapToInt(Math::toIntExact).toArray();
  }
}
