package dev.anneal.sample;

import dev.anneal.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Which rows of a round are drawn: all of them, but for masks that were offered to a {@link
 * Selective} sampler and not taken.
 */
final class Selection {

  private Selection() {}

  /**
   * The rows that are drawn.
   *
   * @param pending the tokens of the rows
   * @param chances the model's guesses, [row, vocab]
   */
  static BitSet of(Selective sampler, List<Pending> pending, Tensor chances) {
    double[] doubts = sampler.doubts(chances).toDoubles();
    var drawn = new BitSet();
    var rowsOfText = new TreeMap<Integer, List<Integer>>();
    for (int row = 0; row < doubts.length; row++) {
      Pending token = pending.get(row);
      drawn.set(row, !token.isOffered());
      rowsOfText.computeIfAbsent(token.sequence(), _ -> new ArrayList<>()).add(row);
    }
    for (List<Integer> rows : rowsOfText.values()) {
      rows.sort(Comparator.comparingDouble(row -> doubts[row])); // stable: ties from left to right
      double[] rising = rows.stream().mapToDouble(row -> doubts[row]).toArray();
      rows.subList(0, sampler.lifted(rising)).forEach(drawn::set);
    }
    return drawn;
  }
}
