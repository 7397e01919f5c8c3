package dev.anneal.evaluate;

/**
 * How much goes through a model at once. It changes no number but by the rounding of its outputs.
 *
 * @param size at least 1
 */
public record Batch(int size) {

  /** Checks the size. */
  public Batch {
    if (size < 1) {
      throw new IllegalArgumentException("batch %d: expected at least 1".formatted(size));
    }
  }
}
