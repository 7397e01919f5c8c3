package dev.anneal.noise;

/** Masks, and does nothing else: the process of masked diffusion. */
public record Absorb() implements NoiseProcess {

  @Override
  public Chances chances(double alpha) {
    Chances.requireChance("alpha", alpha);
    return new Chances(alpha, 0, 1 - alpha);
  }
}
