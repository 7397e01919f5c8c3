package dev.anneal.schedule;

import java.util.BitSet;

/**
 * Which positions are known from the start, and in which order positions settle.
 *
 * <p>Known positions come first, from left to right, then the unknown ones, from left to right. A
 * hyperschedule acts on the ranks of the unknown ones: rank r is order {@code known() + r}. With a
 * prompt, order and position are the same; with gaps to fill (infill) they are not.
 */
public final class SettlingOrder {

  private final int known;
  private final int[] positions; // [order]
  private final int[] orders; // [position]

  private SettlingOrder(BitSet known, int length) {
    this.known = known.cardinality();
    this.positions = new int[length];
    this.orders = new int[length];
    int nextKnown = 0;
    int nextUnknown = this.known;
    for (int position = 0; position < length; position++) {
      int order = known.get(position) ? nextKnown++ : nextUnknown++;
      orders[position] = order;
      positions[order] = position;
    }
  }

  /**
   * The first {@code known} positions are known; none if it is 0.
   *
   * @throws IllegalArgumentException if length is not positive or known is outside 0 … length
   */
  public static SettlingOrder prompt(int length, int known) {
    if (known < 0 || known > length) {
      throw new IllegalArgumentException(
          "prompt length %d is outside 0 … length %d".formatted(known, length));
    }
    var prompt = new BitSet();
    prompt.set(0, known);
    return infill(prompt, length);
  }

  /**
   * Any positions are known.
   *
   * @throws IllegalArgumentException if length is not positive or a known position is beyond it
   */
  public static SettlingOrder infill(BitSet known, int length) {
    Require.positive("length", length);
    if (known.length() > length) {
      throw new IllegalArgumentException(
          "known position %d is beyond length %d".formatted(known.length() - 1, length));
    }
    return new SettlingOrder(known, length);
  }

  /** All positions. */
  public int length() {
    return orders.length;
  }

  /** How many positions are known from the start. */
  public int known() {
    return known;
  }

  /** How many positions are to settle: the length a hyperschedule works on. */
  public int unknown() {
    return length() - known;
  }

  /** The position that settles at this place in the order, 0 ≤ order &lt; length. */
  public int position(int order) {
    return positions[order];
  }

  /** The place in the order at which this position settles, 0 ≤ position &lt; length. */
  public int order(int position) {
    return orders[position];
  }
}
