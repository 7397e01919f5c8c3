package dev.anneal.sample;

import dev.anneal.noise.Shares;

/**
 * A token that is drawn once its guess is known.
 *
 * @param sequence the text
 * @param position its place in the text
 * @param action what is drawn
 * @param chance uniform in [0, 1)
 */
record Pending(int sequence, int position, Action.Draw action, double chance) {

  /** Where the draw comes from. */
  Shares shares() {
    return action.shares();
  }
}
