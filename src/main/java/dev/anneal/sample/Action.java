package dev.anneal.sample;

import dev.anneal.noise.Shares;

/** What a call does to one active token, decided before any guess is seen. */
public sealed interface Action {

  /** The token stays as it is, mask or not. */
  Action KEEP = new Keep();

  /** A draw from the guess takes its place. */
  Action GUESS = new Draw(Shares.GUESS);

  /** The token stays as it is. */
  record Keep() implements Action {}

  /**
   * A draw takes its place, of shares that are known already.
   *
   * @param shares where the draw comes from
   */
  record Draw(Shares shares) implements Action {}
}
