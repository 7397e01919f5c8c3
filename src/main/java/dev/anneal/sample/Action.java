package dev.anneal.sample;

import dev.anneal.noise.Shares;

/** What a call does to one active token, decided before any guess is seen. */
public sealed interface Action {

  /** The token stays as it is, mask or not. */
  Action KEEP = new Keep();

  /** A mask takes its place. */
  Action MASK = new Mask();

  /** A draw from the guess takes its place. */
  Action GUESS = new Draw(Shares.GUESS);

  /** A draw from the guess takes the place of a mask, if {@link Selective} takes the offer. */
  Action OFFER = new Offer();

  /** The token stays as it is. */
  record Keep() implements Action {}

  /** A mask takes its place. */
  record Mask() implements Action {}

  /** A draw takes its place. */
  sealed interface Drawn extends Action {}

  /**
   * A draw takes its place, of shares that are known already.
   *
   * @param shares where the draw comes from
   */
  record Draw(Shares shares) implements Drawn {}

  /** A draw from the guess, perhaps. */
  record Offer() implements Drawn {}

  /**
   * A draw takes the place of a real token, which is weighed against the guess: the guess is the
   * posterior under the noise ({@link Trust}), and the shares may depend on it.
   *
   * @param weighing how
   */
  record Weigh(Weighing weighing) implements Drawn {}

  /** Weighs a real token against its guess. */
  @FunctionalInterface
  interface Weighing {

    /**
     * Where the draw comes from.
     *
     * @param guessOfNow the chance that the guess gives to the token
     * @param realTokens N
     */
    Shares shares(double guessOfNow, int realTokens);
  }
}
