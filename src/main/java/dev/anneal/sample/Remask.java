package dev.anneal.sample;

/**
 * Writes a whole text in every call, and masks most of it again: each mask is filled from the
 * guess, then every active token, old or fresh, is masked with the chance that its state after the
 * call has. So a wrong token is lost sooner or later.
 *
 * <p>What is masked is right in every state, but tokens that were drawn in one call, without regard
 * to each other, are kept together: with few calls, or many tokens at once, texts grow incoherent.
 * The call that settles masks nothing.
 */
public record Remask() implements Sampler {

  @Override
  public Action onMask(Transition transition, double event) {
    return transition.isMaskedAfter(event) ? Action.KEEP : Action.GUESS;
  }

  @Override
  public Action onToken(Transition transition, double event) {
    return transition.isMaskedAfter(event) ? Action.MASK : Action.KEEP;
  }
}
