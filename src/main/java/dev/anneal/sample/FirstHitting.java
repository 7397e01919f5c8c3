package dev.anneal.sample;

import dev.anneal.noise.Noise;

/**
 * The first-hitting sampler of masked diffusion (Zheng et al. 2024): the masks that a call lifts
 * are lifted one after another, in the order of the times at which their noise reaches them, each
 * from a guess that knows those before it. (The guess behind a mask does not depend on the time, so
 * the model is told that before the call throughout.)
 *
 * <p>Where nothing scatters it is exact, whatever the number of calls; under the ε-hybrid the error
 * of {@link Ancestral} of the order of ε stays. A call asks the model as often as the most masks
 * that it lifts in any text, so that fewer calls do not make it faster: a text of d tokens costs d
 * evaluations, a batch of texts a few more.
 */
public record FirstHitting() implements Sampler {

  @Override
  public Action onMask(Transition transition, double event) {
    return transition.lifts(event) ? Action.GUESS : Action.KEEP;
  }

  @Override
  public Action onToken(Transition transition, double event) {
    return Action.KEEP;
  }

  @Override
  public double turn(Transition transition, double event) {
    return transition.turn(event);
  }

  @Override
  public void requireFit(Noise noise) {
    Sampler.requireOnlyMasks(this, noise);
  }
}
