package dev.anneal.objective;

import dev.anneal.schedule.SettlingOrder;
import dev.anneal.tensor.Rng;
import java.util.BitSet;
import java.util.TreeSet;

/** Draws a text with gaps: which positions are known from the start, as a user leaves them open. */
final class GapDraw {

  private static final int MOST_GAPS = 3;

  private GapDraw() {}

  /**
   * One to three gaps, their borders uniform over the text; the rest is known. Where the text is
   * too short for so many borders there are fewer gaps.
   *
   * @param length positions, at least 1
   * @param chance its draws, but the first, which says whether there are gaps at all
   */
  static SettlingOrder order(int length, Rng.Stream chance) {
    int draw = 1;
    int gaps = Math.min(1 + chance.below(MOST_GAPS, draw++), (length + 1) / 2);
    var borders = new TreeSet<Integer>();
    while (borders.size() < 2 * gaps) {
      borders.add(chance.below(length + 1, draw++));
    }
    var known = new BitSet();
    known.set(0, length);
    while (!borders.isEmpty()) {
      known.clear(borders.removeFirst(), borders.removeFirst());
    }
    return SettlingOrder.infill(known, length);
  }
}
