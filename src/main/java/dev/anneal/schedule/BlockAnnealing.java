package dev.anneal.schedule;

/**
 * Blocks of equal width, one after the other; inside a block all positions fall together.
 *
 * <p>level(t, i) = clip(𝒯·(1 + ⌊i/ω⌋) − t, 0, 𝒯); T = 𝒯·⌈length/ω⌉. Blocks do not overlap in
 * time: a block is final before the next one starts.
 *
 * @param width positions in a block (ω), at least 1; the last block of a sequence may be narrower
 * @param levels noise levels (𝒯), at least 1
 */
public record BlockAnnealing(int width, int levels) implements Hyperschedule {

  /** Checks width and levels. */
  public BlockAnnealing {
    Require.positive("width", width);
    Require.positive("levels", levels);
  }

  @Override
  public int level(int step, int position) {
    return Math.clamp(levels * (1L + position / width) - step, 0, levels);
  }

  @Override
  public int steps(int length) {
    return Require.countable((long) levels * Math.ceilDiv(length, width), length);
  }
}
