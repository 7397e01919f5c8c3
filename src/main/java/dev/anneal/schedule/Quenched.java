package dev.anneal.schedule;

/**
 * Autoregression: one level, one token per call, from left to right.
 *
 * <p>level(t, i) = 1 if i ≥ t, else 0; T = length (paper: "quenched AR", ω = 𝒯 = ρ = 1).
 */
public record Quenched() implements Hyperschedule {

  @Override
  public int levels() {
    return 1;
  }

  @Override
  public int level(int step, int position) {
    return position >= step ? 1 : 0;
  }

  @Override
  public int steps(int length) {
    return Require.countable(length, length);
  }
}
