package dev.anneal.sample;

import dev.anneal.tensor.Tensor;

/**
 * Samplers that decide after the guess: each call lifts those masks of a text of whose guesses the
 * model is surest, at least one. The noise's own chances do not count, but for the call that
 * settles a token, in which it is lifted in any case; a token once drawn stays.
 *
 * <p>Heuristics, for speed: where guesses are sure, many masks are lifted by one call, and calls
 * that find none left do not ask the model. How sure a guess is, is read before temperature and
 * top-p, which act on the draw alone.
 */
public sealed interface Selective extends Sampler permits Confidence, EntropyBound {

  /**
   * How much a guess leaves open.
   *
   * @param chances guesses, [row, vocab]
   * @return [row], the less the surer
   */
  Tensor doubts(Tensor chances);

  /**
   * How many masks of a text are lifted, the surest first.
   *
   * @param doubts of all its masks in rising order, at least one
   * @return at least 1
   */
  int lifted(double[] doubts);

  @Override
  default Action onMask(Transition transition, double event) {
    return transition.settles() ? Action.GUESS : Action.OFFER;
  }

  @Override
  default Action onToken(Transition transition, double event) {
    return Action.KEEP;
  }
}
