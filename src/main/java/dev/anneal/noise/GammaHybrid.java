package dev.anneal.noise;

/**
 * The paper's γ-hybrid: the rates of {@link Absorb} and {@link Uniform} mixed, (1 − γ)·absorb +
 * γ·uniform, run until alpha = e^(−sigma) is left.
 *
 * <p>With gamma 0 this is {@link Absorb}, to the last bit; with gamma 1 it is {@link Uniform}. At
 * alpha 0 every token is masked, unless gamma is 1.
 *
 * @param gamma the share in [0, 1] of the rate that scatters
 */
public record GammaHybrid(double gamma) implements NoiseProcess {

  public GammaHybrid {
    Chances.requireChance("gamma", gamma);
  }

  @Override
  public Chances chances(double alpha) {
    Chances.requireChance("alpha", alpha);
    double unmasked = Math.pow(alpha, 1 - gamma);
    return new Chances(alpha, scattered(alpha, unmasked), 1 - unmasked);
  }

  /** unmasked − alpha, without the cancellation that would blur a small gamma. */
  private double scattered(double alpha, double unmasked) {
    return alpha == 0 ? unmasked : 0.0 - unmasked * Math.expm1(gamma * Math.log(alpha));
  }
}
