package dev.anneal.sample;

import dev.anneal.noise.Noise;
import dev.anneal.noise.Shares;
import dev.anneal.recipe.Default;

/**
 * The exact form of {@link AdaptiveCorrection}: what it draws is scattered as its state should be,
 * so that a call takes every position from the noise's distribution before it to that after it; and
 * what a real token is drawn from is the posterior under the noise ({@link Trust}), not the guess
 * that the loss teaches, which trusts the token less.
 *
 * <p>The call that settles takes a state which is still scattered to clean text, so it draws every
 * active token from the guess; tokens that settle together are drawn without regard to each other.
 * (Where nothing scatters, a real token is clean already and stays: then this is {@link
 * Ancestral}.)
 *
 * @param eta η in [0, 1], strength of the correction
 */
public record ExactCorrection(@Default("0.1") double eta) implements Sampler {

  /** Checks η. */
  public ExactCorrection {
    AdaptiveCorrection.requireEta(eta);
  }

  @Override
  public Action onMask(Transition transition, double event) {
    return transition.lifts(event) ? transition.noisyGuess() : Action.KEEP;
  }

  @Override
  public Action onToken(Transition transition, double event) {
    boolean clean = transition.before().scattered() == 0;
    boolean drawn = transition.settles() || transition.refreshes(eta, event);
    Shares noisyGuess = Shares.of(transition.after());
    return drawn && !clean ? new Action.Weigh((_, _) -> noisyGuess) : Action.KEEP;
  }

  @Override
  public void requireFit(Noise noise) {
    Sampler.requireOnlyMasks(this, noise);
  }
}
