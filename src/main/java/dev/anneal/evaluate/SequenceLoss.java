package dev.anneal.evaluate;

import java.util.Arrays;

/** What the tokens of one sequence cost, and how sure the model was of its guesses. */
public final class SequenceLoss {
  private final double[] nats; // [position]
  private final Confidences confidences;

  private SequenceLoss(double[] nats, Confidences confidences) {
    this.nats = nats;
    this.confidences = confidences;
  }

  /** Nothing measured yet. */
  static SequenceLoss ofLength(int length) {
    return new SequenceLoss(new double[length], new Confidences());
  }

  /** The nats of each token, [position]; what is added to them is added to the loss. */
  double[] nats() {
    return nats;
  }

  /** Of the guesses behind masks. */
  Confidences confidences() {
    return confidences;
  }

  /** How many numbers a {@link #row} has for sequences of a length. */
  public static int width(int length) {
    return Confidences.NUMBERS + length;
  }

  /**
   * All of it in one row of numbers.
   *
   * @param length at least that of the sequence; what is left is 0
   */
  public double[] row(int length) {
    double[] row = Arrays.copyOf(confidences.numbers(), width(length));
    System.arraycopy(nats, 0, row, Confidences.NUMBERS, nats.length);
    return row;
  }

  /** Takes it back from its row. */
  public static SequenceLoss ofRow(double[] row, int length) {
    return new SequenceLoss(
        Arrays.copyOfRange(row, Confidences.NUMBERS, Confidences.NUMBERS + length),
        Confidences.of(Arrays.copyOf(row, Confidences.NUMBERS)));
  }
}
