package dev.anneal.noise;

/** Scatters, and never masks. */
public record Uniform() implements NoiseProcess {

  @Override
  public Chances chances(double alpha) {
    Chances.requireChance("alpha", alpha);
    return new Chances(alpha, 1 - alpha, 0);
  }
}
