package dev.anneal.model;

/**
 * Numbers of rows that shared calls are padded to: few, as oneDNN prepares its products for each
 * number anew, which takes a third of a millisecond and keeps half a megabyte for each layer's
 * shape; and near enough to each other to waste little.
 */
public final class Bucket {

  /** A product of one row may take another way through the native library, and round otherwise. */
  private static final int LEAST = 2;

  /** Buckets between a power of two and the next: at most a quarter more than is needed. */
  private static final int STEPS = 4;

  private Bucket() {}

  /** The least bucket that holds so many rows. */
  public static int of(int rows) {
    int step = Math.max(1, Integer.highestOneBit(rows) / STEPS);
    return Math.max(LEAST, Math.ceilDiv(rows, step) * step);
  }
}
