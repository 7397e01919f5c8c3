package dev.anneal.model;

/**
 * Numbers of rows that shared calls are padded to: few, as the native library prepares its products
 * for each anew, and near enough to each other to waste little.
 */
public final class Bucket {

  /** A product of one row takes another way through the native library, with other rounding. */
  private static final int LEAST = 2;

  /** Buckets between a power of two and the next: at most an eighth more than is needed. */
  private static final int STEPS = 8;

  private Bucket() {}

  /** The least bucket that holds so many rows. */
  public static int of(int rows) {
    int step = Math.max(1, Integer.highestOneBit(rows) / STEPS);
    return Math.max(LEAST, Math.ceilDiv(rows, step) * step);
  }
}
