package dev.anneal.sample;

import dev.anneal.noise.Noise;

/**
 * The exact step back of every process: each active token is drawn from the distribution that its
 * earlier state has, given its present one and the guess ({@link dev.anneal.noise.Posterior}). The
 * γ sampler of the paper, without its approximations.
 *
 * <p>Exact where tokens are drawn one by one, and for each token by itself; tokens that change in
 * the same call are drawn without regard to each other, an error that goes as calls grow more.
 */
public record Analytic() implements Sampler {

  @Override
  public Action onMask(Transition transition, double event) {
    return transition.lifts(event) ? transition.noisyGuess() : Action.KEEP;
  }

  @Override
  public Action onToken(Transition transition, double event) {
    return transition.scatters() ? new Action.Weigh(transition.posterior()::shares) : Action.KEEP;
  }

  @Override
  public void requireFit(Noise noise) {} // every noise has a posterior
}
