package dev.anneal.evaluate;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Measures a text so that a run that is killed need not begin anew: the losses that it finished are
 * in a file, and the next run of the same goes on behind them, to the same sums.
 */
public final class KeptMeasurement {
  private final TextMeasurement measurement;
  private final LossTally tally;

  /** Hears how far it is. */
  @FunctionalInterface
  public interface Listener {

    /**
     * Called at the start and after each sequence.
     *
     * @param done how many sequences are measured
     * @param kept how many of them an earlier run had measured
     */
    void at(int done, int kept);
  }

  /**
   * A measurement.
   *
   * @param tally that is still empty; in the end all is in it
   */
  public KeptMeasurement(TextMeasurement measurement, LossTally tally) {
    this.measurement = measurement;
    this.tally = tally;
  }

  /**
   * Measures all that is not measured yet.
   *
   * @param file of the finished losses, whose name stands for all that they follow from; deleted in
   *     the end
   * @return how many sequences an earlier run had measured
   * @throws IOException if the file cannot be read or written
   */
  public int run(Path file, Listener listener) throws IOException {
    int length = measurement.passages().length();
    try (KeptRows rows = KeptRows.open(file, SequenceLoss.width(length))) {
      int kept = replay(rows);
      listener.at(kept, kept);
      measurement.measure(
          kept,
          measurement.count(),
          loss -> {
            rows.add(loss.row(length));
            tally.add(loss);
            listener.at(tally.count(), kept);
          });
      rows.discard();
      return kept;
    }
  }

  /** Adds what is kept, and says how much. */
  private int replay(KeptRows rows) throws IOException {
    int together = measurement.estimator().together();
    if (rows.count() < measurement.count()) {
      // A batch that was cut off is measured again as a whole, so that it rounds as it would have.
      rows.truncate(rows.count() / together * together);
    }
    for (int i = 0; i < rows.count(); i++) {
      tally.add(SequenceLoss.ofRow(rows.row(i), measurement.tokens(i)));
    }
    return rows.count();
  }
}
