package dev.anneal.schedule;

/**
 * Standard diffusion: all positions fall together.
 *
 * <p>level(t, i) = 𝒯 − t; T = 𝒯 (paper: "flat annealing", ω = length).
 *
 * @param levels noise levels, at least 1
 */
public record Flat(int levels) implements Hyperschedule {

  /** Checks the levels. */
  public Flat {
    Require.positive("levels", levels);
  }

  @Override
  public int level(int step, int position) {
    return Math.clamp((long) levels - step, 0, levels);
  }

  @Override
  public int steps(int length) {
    return Require.countable(levels, length);
  }
}
