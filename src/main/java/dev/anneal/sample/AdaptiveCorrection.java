package dev.anneal.sample;

import dev.anneal.recipe.Default;

/**
 * The paper's Adaptive Correction Sampler (ACS): as {@link Ancestral}, and active tokens are drawn
 * anew from the guess with chance η·(1 − p), where p is the chance that a mask is lifted.
 *
 * <p>A corrector, not exact: the guess is taken as the loss teaches it, which trusts the token that
 * is there less than the noise does, and fresh draws lack the noise that the state should have,
 * which pulls towards clean text, and with many calls beyond the source, to its likeliest texts.
 * The call that settles a token (p = 1) does not correct it.
 *
 * @param eta η in [0, 1], strength of the correction
 */
public record AdaptiveCorrection(@Default("0.1") double eta) implements Sampler {

  /** Checks η. */
  public AdaptiveCorrection {
    requireEta(eta);
  }

  static void requireEta(double eta) {
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("eta %s is outside 0 … 1".formatted(eta));
    }
  }

  @Override
  public Action onMask(Transition transition, double event) {
    return transition.lifts(event) ? Action.GUESS : Action.KEEP;
  }

  @Override
  public Action onToken(Transition transition, double event) {
    return transition.refreshes(eta, event) ? Action.GUESS : Action.KEEP;
  }
}
