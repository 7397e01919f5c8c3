package dev.anneal.noise;

/** What noise did to a token. */
public enum Fate {
  /** It is the clean token. */
  KEPT,
  /** A uniform real token took its place; by chance that may be the clean token itself. */
  SCATTERED,
  /** It is the mask. */
  MASKED
}
