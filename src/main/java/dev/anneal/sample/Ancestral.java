package dev.anneal.sample;

/**
 * The paper's original sampler, MDLM's: masks are lifted, and a token once drawn stays.
 *
 * <p>Exact where tokens settle one by one. Where a call draws several, each is drawn as if the
 * others stayed masked, an error that goes as calls grow more, if nothing scatters; under the
 * ε-hybrid one of the order of ε stays, as a token once drawn is never freed of its scatter.
 */
public record Ancestral() implements Sampler {

  @Override
  public Action onMask(Transition transition, double event) {
    return transition.lifts(event) ? Action.GUESS : Action.KEEP;
  }

  @Override
  public Action onToken(Transition transition, double event) {
    return Action.KEEP;
  }
}
