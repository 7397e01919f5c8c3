package dev.anneal.evaluate;

import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import java.util.ArrayList;

/** Guesses counted by the chance of their likeliest token, for a {@link Calibration}. */
final class Confidences {
  private static final int BINS = 20;

  /** Of each bin: how many guesses, the sum of their confidences, how many were right. */
  private static final int FIELDS = 3;

  /** How many numbers it is. */
  static final int NUMBERS = FIELDS * BINS;

  private final double[] numbers;

  private Confidences(double[] numbers) {
    this.numbers = numbers;
  }

  Confidences() {
    this(new double[NUMBERS]);
  }

  static Confidences of(double[] numbers) {
    return new Confidences(numbers);
  }

  double[] numbers() {
    return numbers;
  }

  /** The guesses of some rows. */
  static final class Guesses {
    private final double[] confidences;
    private final long[] likeliest;

    private Guesses(double[] confidences, long[] likeliest) {
      this.confidences = confidences;
      this.likeliest = likeliest;
    }

    /**
     * The likeliest token of each row, and its chance.
     *
     * @param logits float64 [row, vocab]
     */
    static Guesses of(Tensor logits) {
      Tensor likeliest = logits.argmax(1);
      double[] confidences = Nn.crossEntropy(logits, likeliest).toDoubles();
      for (int row = 0; row < confidences.length; row++) {
        confidences[row] = Math.exp(-confidences[row]);
      }
      return new Guesses(confidences, likeliest.toLongs());
    }
  }

  /** Counts a row in. */
  void add(Guesses guesses, int row, int clean) {
    double confidence = guesses.confidences[row];
    int bin = FIELDS * Math.clamp((int) (confidence * BINS), 0, BINS - 1);
    numbers[bin]++;
    numbers[bin + 1] += confidence;
    numbers[bin + 2] += guesses.likeliest[row] == clean ? 1 : 0;
  }

  /** Counts all of another in. */
  void add(Confidences other) {
    for (int i = 0; i < NUMBERS; i++) {
      numbers[i] += other.numbers[i];
    }
  }

  Calibration calibration() {
    var bins = new ArrayList<Calibration.Bin>();
    for (int bin = 0; bin < BINS; bin++) {
      double guesses = numbers[FIELDS * bin];
      double divisor = Math.max(1, guesses);
      bins.add(
          new Calibration.Bin(
              (double) bin / BINS,
              (bin + 1.0) / BINS,
              (long) guesses,
              numbers[FIELDS * bin + 1] / divisor,
              numbers[FIELDS * bin + 2] / divisor));
    }
    return new Calibration(bins);
  }
}
