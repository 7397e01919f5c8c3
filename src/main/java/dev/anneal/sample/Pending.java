package dev.anneal.sample;

import dev.anneal.noise.Shares;

/**
 * A token that is drawn once its guess is known.
 *
 * @param sequence the text
 * @param position its place in the text
 * @param action what is drawn
 * @param chance uniform in [0, 1)
 * @param turn when in the call: {@link Sampler#turn}
 */
record Pending(int sequence, int position, Action.Drawn action, double chance, double turn) {

  /** Whether the shares depend on the guess. */
  boolean weighs() {
    return action instanceof Action.Weigh;
  }

  /** Whether the sampler has still to decide if it is drawn. */
  boolean isOffered() {
    return action instanceof Action.Offer;
  }

  /**
   * Where the draw comes from.
   *
   * @param guessOfNow the chance that the guess gives to the present token
   * @param realTokens N
   */
  Shares shares(double guessOfNow, int realTokens) {
    return switch (action) {
      case Action.Draw(var shares) -> shares;
      case Action.Offer() -> Shares.GUESS;
      case Action.Weigh(var weighing) -> weighing.shares(guessOfNow, realTokens);
    };
  }
}
