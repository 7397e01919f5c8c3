package dev.anneal.schedule;

/**
 * Blocks outside, a slide at one position per call inside each block.
 *
 * <p>With b = ⌊i/ω⌋ and j = i mod ω: level(t, i) = clip(𝒯 + j + b·(𝒯+ω−1) − t, 0, 𝒯); T =
 * ⌈length/ω⌉·(𝒯+ω−1). Every position is active in exactly 𝒯 calls; the official code differs
 * here, its whole block falls to 𝒯 − 1 at once and waits there.
 *
 * <p>Where the width does not divide the length, the last block is narrower but keeps the time of a
 * whole one: the last ω − (length mod ω) calls are idle, every position is settled already.
 *
 * @param width positions in a block (ω), at least 1
 * @param levels noise levels (𝒯), at least 1
 */
public record HybridAnnealing(int width, int levels) implements Hyperschedule {

  /** Checks width and levels. */
  public HybridAnnealing {
    Require.positive("width", width);
    Require.positive("levels", levels);
  }

  @Override
  public int level(int step, int position) {
    long delay = position % width + position / width * blockSteps();
    return Math.clamp(levels + delay - step, 0, levels);
  }

  @Override
  public int steps(int length) {
    return Require.countable(Math.ceilDiv(length, width) * blockSteps(), length);
  }

  private long blockSteps() {
    return (long) levels + width - 1;
  }
}
