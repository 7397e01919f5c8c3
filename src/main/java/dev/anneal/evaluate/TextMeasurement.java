package dev.anneal.evaluate;

import java.io.IOException;
import java.util.stream.IntStream;

/**
 * Measures a text, or some of its sequences: those from a multiple of {@link
 * SequenceEstimator#together} on cost the same to the last bit whoever measures those before.
 */
public final class TextMeasurement {
  private final Passages passages;
  private final int count;
  private final SequenceEstimator estimator;

  /** Hears of one loss after the other, in the order of the text. */
  @FunctionalInterface
  public interface Listener {

    /** What the next sequence costs. */
    void onLoss(SequenceLoss loss) throws IOException;
  }

  /**
   * A measurement.
   *
   * @param passages the text
   * @param count how many of its sequences are measured, spread evenly over it
   * @param estimator how
   */
  public TextMeasurement(Passages passages, int count, SequenceEstimator estimator) {
    if (count < 1 || count > passages.count()) {
      throw new IllegalArgumentException(
          "sequences %d: expected 1 … %d".formatted(count, passages.count()));
    }
    this.passages = passages;
    this.count = count;
    this.estimator = estimator;
  }

  /** The text. */
  public Passages passages() {
    return passages;
  }

  /** How it is measured. */
  public SequenceEstimator estimator() {
    return estimator;
  }

  /** How many sequences are measured. */
  public int count() {
    return count;
  }

  /** Where in the text the i-th of them is. */
  int chosen(int index) {
    return (int) ((long) index * passages.count() / count);
  }

  /** How many tokens the i-th of them has. */
  public int tokens(int index) {
    return passages.ids(chosen(index)).length;
  }

  /**
   * Measures a range of them.
   *
   * @param first the number of the first among those that are measured
   * @param end the number after the last
   * @throws IOException what the listener throws
   */
  public void measure(int first, int end, Listener listener) throws IOException {
    int together = estimator.together();
    for (int start = first; start < end; ) {
      int stop = Math.min(end, (start / together + 1) * together);
      int[][] batch =
          IntStream.range(start, stop).mapToObj(i -> passages.ids(chosen(i))).toArray(int[][]::new);
      for (SequenceLoss loss : estimator.losses(batch, start)) {
        listener.onLoss(loss);
      }
      start = stop;
    }
  }
}
