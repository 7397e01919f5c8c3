package dev.anneal.noise;

/**
 * The paper's ε-hybrid: a share epsilon of the tokens is scattered at once, then masks fall as in
 * {@link Absorb}.
 *
 * <p>The scatter does not fade as alpha grows to 1: there a token is still scattered with chance
 * epsilon. The clean token is {@link Chances#CLEAN}, not {@code chances(1)}. With epsilon 0 this is
 * {@link Absorb}, to the last bit.
 *
 * @param epsilon the chance in [0, 1] that a token which is not masked has been scattered
 */
public record EpsilonHybrid(double epsilon) implements NoiseProcess {

  public EpsilonHybrid {
    Chances.requireChance("epsilon", epsilon);
  }

  @Override
  public Chances chances(double alpha) {
    Chances.requireChance("alpha", alpha);
    return new Chances(alpha * (1 - epsilon), alpha * epsilon, 1 - alpha);
  }
}
