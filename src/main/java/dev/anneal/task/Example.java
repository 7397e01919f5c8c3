package dev.anneal.task;

import java.util.BitSet;

/** A sequence of real tokens, of which some may be known from the start. */
public final class Example {
  private final int[] tokens; // [position]
  private final BitSet known;

  /**
   * An example; what it is made of is copied.
   *
   * @param tokens real tokens, [position]
   * @param known the positions that are known; none where that is to be drawn, or nothing is
   */
  public Example(int[] tokens, BitSet known) {
    if (known.length() > tokens.length) {
      throw new IllegalArgumentException(
          "known position %d: expected 0 … %d".formatted(known.length() - 1, tokens.length - 1));
    }
    this.tokens = tokens.clone();
    this.known = (BitSet) known.clone();
  }

  /** A text of which nothing is known from the start. */
  public static Example text(int[] tokens) {
    return new Example(tokens, new BitSet());
  }

  /** How many tokens it has. */
  public int length() {
    return tokens.length;
  }

  /** How many tokens are not known. */
  public int unknown() {
    return tokens.length - known.cardinality();
  }

  /** A copy of the tokens, [position]. */
  public int[] tokens() {
    return tokens.clone();
  }

  /** The token at a position. */
  public int token(int position) {
    return tokens[position];
  }

  /** Whether the token at a position is known. */
  public boolean isKnown(int position) {
    return known.get(position);
  }

  /** A copy of the known positions. */
  public BitSet known() {
    return (BitSet) known.clone();
  }
}
