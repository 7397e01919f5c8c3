package dev.anneal.sample;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the tokens of some rows are drawn from: the model's guess, as a {@link TokenChoice} has cut
 * it.
 *
 * <p>Each answer is fetched from the device at once, and with it whether the logits were finite:
 * where they were not, the chances of a row and their sums are no numbers, and an
 * ArithmeticException is thrown.
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
   * @param ids [row]
   */
  record Likeliest(List<Integer> ids) implements Guess {

    static Likeliest of(Tensor logits) {
      Tensor ids = logits.argmax(1).unsqueeze(1); // [row, 1]
      Tensor largest = logits.gather(1, ids); // what is not a number counts as the largest
      double[] both = together(ids.to(DType.FLOAT64), largest.to(DType.FLOAT64)).toDoubles();
      var likeliest = new ArrayList<Integer>();
      for (int row = 0; row < both.length; row += 2) {
        requireFinite(both[row + 1]);
        likeliest.add((int) both[row]);
      }
      return new Likeliest(likeliest);
    }

    @Override
    public int[] draw(double[] draws) {
      return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public double[] chances(int[] tokens) {
      double[] chances = new double[tokens.length];
      Arrays.setAll(chances, row -> tokens[row] == ids.get(row) ? 1 : 0);
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
      int[] ids = integers(inverse(sums, total(sums), draws));
      for (int id : ids) {
        requireWithin(sums, id);
      }
      return ids;
    }

    @Override
    public double[] chances(int[] tokens) {
      Tensor wanted = Tensors.of(tokens, tokens.length, 1).to(chances.device());
      double[] found = chances.gather(1, wanted).toDoubles();
      for (double chance : found) {
        requireFinite(chance);
      }
      return found;
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
      return new Nucleus(sorted, sums, sums.gather(1, within(sums, Nn.searchSorted(sums, sought))));
    }

    @Override
    public int[] draw(double[] draws) {
      Tensor ranks = inverse(sums, mass, draws); // [row, 1]
      Tensor tokens = sorted.indices().gather(1, within(sums, ranks));
      int[] both = integers(together(tokens, ranks));
      int[] ids = new int[draws.length];
      for (int row = 0; row < ids.length; row++) {
        requireWithin(sums, both[2 * row + 1]);
        ids[row] = both[2 * row];
      }
      return ids;
    }

    @Override
    public double[] chances(int[] tokens) {
      Tensor wanted = Tensors.of(tokens, tokens.length, 1).to(sums.device());
      Tensor rank = Nn.indexOf(sorted.indices(), wanted); // [row, 1]
      Tensor own = sorted.values().gather(1, rank);
      double[] found = together(own, sums.gather(1, rank), mass).toDoubles();
      double[] chances = new double[tokens.length];
      for (int row = 0; row < chances.length; row++) {
        double reached = found[3 * row + 1];
        double whole = found[3 * row + 2];
        requireFinite(whole);
        chances[row] = reached <= whole ? found[3 * row] / whole : 0;
      }
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
    return sums.narrow(1, sums.size(1) - 1, 1);
  }

  /**
   * Indices, or the last one where they are beyond it: to look one up from there would end a GPU's
   * process.
   */
  private static Tensor within(Tensor sums, Tensor indices) {
    Device device = indices.device();
    Tensor first = Tensors.scalar(0, DType.INT64, device);
    return Nn.clamp(indices, first, Tensors.scalar((double) sums.size(1) - 1, DType.INT64, device));
  }

  /** Refuses what a search found beyond all sums: it sought what is no number. */
  private static void requireWithin(Tensor sums, int index) {
    requireFinite(index < sums.size(1) ? index : Double.NaN);
  }

  private static void requireFinite(double number) {
    if (!Double.isFinite(number)) {
      throw new ArithmeticException("the logits hold no guess: some are not finite");
    }
  }

  /** Columns side by side, [row, column]. */
  private static Tensor together(Tensor... columns) {
    return Tensors.concatenate(List.of(columns), 1);
  }

  private static int[] integers(Tensor ids) {
    return Arrays.stream(ids.toLongs()).mapToInt(Math::toIntExact).toArray();
  }
}
