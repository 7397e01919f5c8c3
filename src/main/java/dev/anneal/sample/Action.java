package dev.anneal.sample;

/** What a call does to one active token. */
public enum Action {
  /** The token stays as it is, mask or not. */
  KEEP,
  /** A draw from the guess takes its place. */
  GUESS,
  /**
   * A draw from the guess, scattered as the noise has it after the call, takes its place: from (1 −
   * ε)·guess + ε·uniform under the ε-hybrid, and from the guess alone in the call that settles.
   */
  NOISY_GUESS
}
