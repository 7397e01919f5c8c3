package dev.anneal.sample;

import dev.anneal.model.Bucket;

/**
 * One call of the model.
 *
 * @param runs that shared it
 * @param rows that were fed for them
 */
public record SharedCall(int runs, int rows) {

  /** How many rows were fed beside these, to make the number one of a {@link Bucket}. */
  public int padding() {
    return Bucket.of(rows) - rows;
  }
}
