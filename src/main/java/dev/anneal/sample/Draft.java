package dev.anneal.sample;

import dev.anneal.schedule.SettlingOrder;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Texts to be completed together: what is known of each, and the state that generation starts from.
 *
 * <p>All texts have the same length and the same known positions. Usually the rest is blank and
 * generation starts at step 0; a draft that starts later, with tokens in its active positions, is a
 * text to be corrected.
 */
public final class Draft {

  /** Stands for a token that is not there yet. */
  public static final int BLANK = -1;

  private final SettlingOrder order;
  private final int[][] tokens; // [sequence][position]
  private final int step;

  /**
   * Texts in any state.
   *
   * @param order which positions are known
   * @param tokens [sequence][position]: real tokens, or {@link #BLANK} for a mask
   * @param step the state that the tokens are in; 0 is the start
   * @throws IllegalArgumentException if there is no text, one has another length than the order, or
   *     a known position is blank
   */
  public Draft(SettlingOrder order, int[][] tokens, int step) {
    this.order = order;
    this.tokens = Arrays.stream(tokens).map(int[]::clone).toArray(int[][]::new);
    this.step = step;
    if (tokens.length == 0 || step < 0) {
      throw new IllegalArgumentException(
          "%d texts from step %d: expected at least 1, from 0 up".formatted(tokens.length, step));
    }
    for (int sequence = 0; sequence < tokens.length; sequence++) {
      if (tokens[sequence].length != order.length()) {
        throw new IllegalArgumentException(
            "text %d has %d tokens: expected %d"
                .formatted(sequence, tokens[sequence].length, order.length()));
      }
      requireTokens(sequence, order.known(), "is settled");
    }
  }

  /**
   * Texts that go on from one prompt.
   *
   * @param prompt real tokens, perhaps none
   * @param length of the text, the prompt included
   * @param samples how many texts
   * @throws IllegalArgumentException if the prompt is longer than the length, or samples is below 1
   */
  public static Draft prompt(int[] prompt, int length, int samples) {
    var order = SettlingOrder.prompt(length, prompt.length);
    int[] text = Arrays.copyOf(prompt, length);
    Arrays.fill(text, prompt.length, length, BLANK);
    return new Draft(order, repeated(text, samples), 0);
  }

  /**
   * Texts with gaps to fill.
   *
   * @param text [position]: real tokens, which are known, and {@link #BLANK} in the gaps
   * @param samples how many texts
   * @throws IllegalArgumentException if the text is empty, or samples is below 1
   */
  public static Draft infill(int[] text, int samples) {
    var known = new BitSet();
    for (int position = 0; position < text.length; position++) {
      known.set(position, text[position] != BLANK);
    }
    return new Draft(SettlingOrder.infill(known, text.length), repeated(text, samples), 0);
  }

  /**
   * Texts to be corrected: those of a {@link Correction}, before they enter.
   *
   * @param known positions whose tokens stay
   * @param text [position]: real tokens, {@link #BLANK} in gaps
   * @param samples how many texts
   * @throws IllegalArgumentException if the text is empty, or samples is below 1
   */
  public static Draft given(BitSet known, int[] text, int samples) {
    return new Draft(SettlingOrder.infill(known, text.length), repeated(text, samples), 0);
  }

  private static int[][] repeated(int[] text, int samples) {
    if (samples < 1) {
      throw new IllegalArgumentException("samples %d: expected at least 1".formatted(samples));
    }
    int[][] texts = new int[samples][];
    Arrays.fill(texts, text);
    return texts;
  }

  /** Which positions are known, and in which order the others settle. */
  public SettlingOrder order() {
    return order;
  }

  /** The state that generation starts from. */
  public int step() {
    return step;
  }

  /** The number of texts. */
  public int sequences() {
    return tokens.length;
  }

  /** A copy of one text, [position], {@link #BLANK} where there is no token yet. */
  public int[] tokens(int sequence) {
    return tokens[sequence].clone();
  }

  /** The place in the text of a rank among the unknown positions. */
  int position(int rank) {
    return order.position(order.known() + rank);
  }

  /** A copy of one text, [position], with {@code mask} in place of {@link #BLANK}. */
  int[] tokens(int sequence, int mask) {
    return Arrays.stream(tokens[sequence]).map(token -> token == BLANK ? mask : token).toArray();
  }

  /** Refuses blanks among the first {@code places} of the settling order, and says why. */
  void requireTokens(int places, String why) {
    for (int sequence = 0; sequence < tokens.length; sequence++) {
      requireTokens(sequence, places, why);
    }
  }

  private void requireTokens(int sequence, int places, String why) {
    for (int place = 0; place < places; place++) {
      int position = order.position(place);
      if (tokens[sequence][position] == BLANK) {
        throw new IllegalArgumentException(
            "text %d is blank at position %d, which %s at step %d: expected a token"
                .formatted(sequence, position, why, step));
      }
    }
  }

  /** Refuses tokens that a model does not have. */
  void requireReal(int realTokens) {
    for (int sequence = 0; sequence < tokens.length; sequence++) {
      for (int position = 0; position < order.length(); position++) {
        int token = tokens[sequence][position];
        if (token != BLANK && (token < 0 || token >= realTokens)) {
          throw new IllegalArgumentException(
              "token %d at position %d of text %d: expected 0 … %d"
                  .formatted(token, position, sequence, realTokens - 1));
        }
      }
    }
  }
}
