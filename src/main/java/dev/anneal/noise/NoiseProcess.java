package dev.anneal.noise;

/**
 * What noise does to one token: it keeps it, scatters it (puts a uniform real token in its place,
 * perhaps the same one) or masks it.
 *
 * <p>A process answers one question, the three chances at a survival; kernel, posterior and
 * corruption follow from the answer ({@link Chances#since}, {@link Posterior}, {@link Corruption}).
 * The law of the family: positions are independent, the mask absorbs, and as alpha falls from 1 the
 * chances change in a way that some Markov kernel can follow.
 *
 * <p>A member is a record whose components are named in recipes. See docs/math.md, "Three chances".
 */
public sealed interface NoiseProcess permits Absorb, Uniform, EpsilonHybrid, GammaHybrid, Gidd {

  /**
   * The chances of a clean token to be found kept, scattered or masked.
   *
   * @param alpha the survival in [0, 1]: 1 at time 0, falling to 0 at the far end of the noise
   * @throws IllegalArgumentException when alpha is outside [0, 1]
   */
  Chances chances(double alpha);

  /**
   * The rates at which noise acts when a survival is reached.
   *
   * @param alpha the survival, at least 0, below 1
   * @throws IllegalArgumentException when it is not
   */
  default Rates rates(double alpha) {
    return Rates.of(this, alpha);
  }
}
