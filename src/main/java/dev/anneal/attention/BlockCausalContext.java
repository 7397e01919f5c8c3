package dev.anneal.attention;

/**
 * A settled token looks at its own block, as far as that is settled, and at all blocks before;
 * whole blocks are cacheable.
 *
 * @param width tokens in a block, counted in settling order; at least 1
 */
public record BlockCausalContext(int width) implements SettledContext {

  /** Checks the width. */
  public BlockCausalContext {
    if (width < 1) {
      throw new IllegalArgumentException(
          "width %d is not positive: expected at least 1".formatted(width));
    }
  }

  @Override
  public int horizon(int order, int settled) {
    long blockEnd = (order / width + 1L) * width;
    return (int) Math.min(blockEnd, settled);
  }

  @Override
  public int cacheable(int settled) {
    return settled - settled % width;
  }
}
