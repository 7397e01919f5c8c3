package dev.anneal.sample;

import dev.anneal.recipe.Default;

/**
 * As {@link Remask}, and before the masks fall, a real token is drawn anew with the chance that
 * {@link AdaptiveCorrection} has.
 *
 * @param eta η in [0, 1], strength of the correction
 */
public record RemaskShuffle(@Default("0.1") double eta) implements Sampler {

  /** Checks η. */
  public RemaskShuffle {
    AdaptiveCorrection.requireEta(eta);
  }

  @Override
  public Action onMask(Transition transition, double event) {
    return new Remask().onMask(transition, event);
  }

  @Override
  public Action onToken(Transition transition, double event) {
    if (transition.isMaskedAfter(event)) {
      return Action.MASK;
    }
    double again = event / (1 - transition.after().masked()); // uniform in [0, 1)
    return transition.refreshes(eta, again) ? Action.GUESS : Action.KEEP;
  }
}
