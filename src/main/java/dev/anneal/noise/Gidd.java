package dev.anneal.noise;

import dev.anneal.recipe.Default;

/**
 * The mixture of GIDD (von Rütte et al. 2025, "Generalized Interpolating Discrete Diffusion"):
 * tokens are masked as under {@link Absorb}, and scattered the more the nearer the middle is. At t
 * = 1 − alpha a token is kept, scattered and masked in the proportion 1 − t : c : t with c =
 * uniform/(1 − uniform) · (4 t (1 − t))^(exponent/2).
 *
 * <p>The chances are GIDD's. Its kernel, which scatters masks again, is not: here a mask stays one,
 * as the family has it (docs/math.md, "Where we differ"). Such a kernel exists for exponents up to
 * 2; above, the scattered share would have to fall faster than tokens are masked. With uniform 0
 * this is {@link Absorb}, to the last bit. With exponent 0 the share never fades, neither at alpha
 * 1 nor at alpha 0.
 *
 * @param uniform the chance in [0, 1) that a token is scattered at alpha 1/2 (p_u in the paper)
 * @param exponent how sharp the peak is, 0 … 2 (γ in the paper); by default 1
 */
public record Gidd(double uniform, @Default("1.0") double exponent) implements NoiseProcess {

  public Gidd {
    if (!(uniform >= 0 && uniform < 1)) {
      throw new IllegalArgumentException(
          "uniform is %s; expected at least 0 and less than 1".formatted(uniform));
    }
    if (!(exponent >= 0 && exponent <= 2)) {
      throw new IllegalArgumentException(
          "exponent is %s; expected a number from 0 to 2".formatted(exponent));
    }
  }

  @Override
  public Chances chances(double alpha) {
    Chances.requireChance("alpha", alpha);
    double time = 1 - alpha;
    double peak = uniform / (1 - uniform);
    double scattered = peak * Math.pow(4 * time * alpha, exponent / 2);
    double whole = 1 + scattered;
    return new Chances(alpha / whole, scattered / whole, time / whole);
  }
}
