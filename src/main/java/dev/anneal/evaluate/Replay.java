package dev.anneal.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the results of a long row of steps, so that the row can be walked again without making
 * those that were made before. The steps must come in the same order each time.
 */
public final class Replay {
  private final @Nullable KeptRows rows;
  private final IntConsumer heard;
  private int steps;

  private Replay(@Nullable KeptRows rows, IntConsumer heard) {
    this.rows = rows;
    this.heard = heard;
  }

  /** Keeps nothing. */
  public static Replay none() {
    return new Replay(null, _ -> {});
  }

  /**
   * Keeps the steps' results as rows, each behind its length.
   *
   * @param rows wider by one than the widest result
   * @param heard is told the number of steps that are made
   */
  public static Replay of(KeptRows rows, IntConsumer heard) {
    return new Replay(rows, heard);
  }

  /**
   * The result of the next step.
   *
   * @param step makes it, if it was not made before
   * @throws UncheckedIOException if it cannot be read or kept
   */
  double[] next(Supplier<double[]> step) {
    try {
      double[] result =
          rows != null && steps < rows.count() ? kept(rows.row(steps)) : made(step.get());
      heard.accept(++steps);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] kept(double[] row) {
    return Arrays.copyOfRange(row, 1, 1 + (int) row[0]);
  }

  private double[] made(double[] result) throws IOException {
    if (rows != null) {
      double[] row = new double[result.length + 1];
      row[0] = result.length;
      System.arraycopy(result, 0, row, 1, result.length);
      rows.add(row);
    }
    return result;
  }
}
