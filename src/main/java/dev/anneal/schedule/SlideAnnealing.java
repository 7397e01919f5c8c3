package dev.anneal.schedule;

/**
 * A window that slides to the right: its left end is nearly settled, its right end nearly noise.
 *
 * <p>level(t, i) = clip(𝒯 + ⌊i·𝒯/ω⌋ − t, 0, 𝒯); T = 𝒯 + ⌊(length − 1)·𝒯/ω⌋. A call settles
 * ω/𝒯 positions on average, also where that rate is not a whole number.
 *
 * @param width most positions that are active in one call (ω), at least 1
 * @param levels noise levels (𝒯), at least 1
 */
public record SlideAnnealing(int width, int levels) implements Hyperschedule {

  /** Checks width and levels. */
  public SlideAnnealing {
    Require.positive("width", width);
    Require.positive("levels", levels);
  }

  @Override
  public int level(int step, int position) {
    return Math.clamp(levels + delay(position) - step, 0, levels);
  }

  @Override
  public int steps(int length) {
    return Require.countable(levels + delay(length - 1), length);
  }

  /** The call in which a position becomes active. */
  private long delay(int position) {
    return (long) position * levels / width;
  }
}
