package dev.anneal.sample;

import dev.anneal.noise.Noise;
import dev.anneal.recipe.Default;

/**
 * ReMDM (Wang et al. 2025) with its capped schedule: a real token becomes a mask with chance σ =
 * min(η, (1 − α after)/α before), and masks are lifted that much more often, so that the noisy
 * marginals stay as they are. η = 0 is {@link Ancestral}.
 *
 * <p>(α is the chance of a real token here. The cap keeps the chance of a lift within one; in the
 * call that settles it is 0, and nothing is masked.)
 *
 * @param eta η in [0, 1], the most that is masked again in a call
 */
public record Remdm(@Default("0.1") double eta) implements Sampler {

  /** Checks η. */
  public Remdm {
    AdaptiveCorrection.requireEta(eta);
  }

  /** With chance (α after − (1 − σ)·α before)/(1 − α before). */
  @Override
  public Action onMask(Transition transition, double event) {
    double staying = transition.after().masked() - remasked(transition);
    return event < 1 - staying / transition.before().masked() ? Action.GUESS : Action.KEEP;
  }

  /** With chance σ. */
  @Override
  public Action onToken(Transition transition, double event) {
    double real = transition.before().unmasked();
    return event * real < remasked(transition) ? Action.MASK : Action.KEEP;
  }

  /** σ·α before: the chance that a token is real before the call, and then masked. */
  private double remasked(Transition transition) {
    return Math.min(eta * transition.before().unmasked(), transition.after().masked());
  }

  @Override
  public void requireFit(Noise noise) {
    Sampler.requireOnlyMasks(this, noise);
  }
}
