package dev.anneal.sample;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * One text from its beginning to the first token that has not settled: what can be shown of it,
 * since it is final and nothing is left out. Tokens that settle further right are kept until the
 * prefix reaches them.
 */
public final class SettledPrefix {
  private final int sequence;
  private final int[] tokens; // [position]
  private final BitSet settled = new BitSet(); // by position
  private int length;

  /**
   * The prefix before the first step: known tokens.
   *
   * @param draft what generation starts from, at step 0
   * @param sequence which of its texts
   */
  public SettledPrefix(Draft draft, int sequence) {
    this.sequence = sequence;
    this.tokens = draft.tokens(sequence);
    for (int place = 0; place < draft.order().known(); place++) {
      settled.set(draft.order().position(place));
    }
  }

  /** Takes in what a step settled; the prefix grows with {@link #grow} only. */
  public void add(GenerationStep step) {
    for (Change change : step.settled(sequence)) {
      tokens[change.position()] = change.id();
      settled.set(change.position());
    }
  }

  /** Grows the prefix as far as it goes, and gives the tokens it grew by, from left to right. */
  public int[] grow() {
    int before = length;
    length = settled.nextClearBit(length);
    return IntStream.range(before, length).map(position -> tokens[position]).toArray();
  }
}
