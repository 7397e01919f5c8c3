package dev.anneal.sample;

import dev.anneal.noise.Noise;
import dev.anneal.noise.Posterior;
import dev.anneal.noise.Rates;
import dev.anneal.noise.Shares;

/**
 * The first-order step of SEDD, for every process: the reverse rates of the present state, times
 * the step of sigma. The call that settles takes the exact step of {@link Analytic}.
 *
 * <p>{@link Analytic} costs the same and has none of these errors: a call errs by the square of its
 * step, so that a text's distance from what {@link Analytic} draws halves as the calls double;
 * where the step is so long that a change would be more than certain, it is certain; and where
 * alpha starts from 0, the first call changes nothing, as no rate of a state without survivors
 * lifts a mask.
 */
public record Euler() implements Sampler {
  private static final Analytic EXACT = new Analytic();

  @Override
  public Action onMask(Transition transition, double event) {
    if (transition.settles()) {
      return EXACT.onMask(transition, event);
    }
    Rates expected = transition.expected();
    double odds = transition.before().unmasked() / transition.before().masked();
    return event < expected.masking() * odds
        ? new Action.Draw(Shares.of(transition.before()))
        : Action.KEEP;
  }

  @Override
  public Action onToken(Transition transition, double event) {
    if (transition.settles() || !transition.scatters()) {
      return EXACT.onToken(transition, event);
    }
    double scatters = transition.expected().scattering();
    return new Action.Weigh(
        (guessOfNow, realTokens) ->
            Posterior.firstOrderShares(scatters, transition.before(), guessOfNow, realTokens));
  }

  @Override
  public void requireFit(Noise noise) {} // every process has rates after its start
}
