package dev.anneal.model;

/** What the outputs of a {@link Denoiser} mean. */
public enum Reading {
  /** Their softmax is the distribution of the clean token, given what the row sees (x̂). */
  GUESS,
  /**
   * They are log s(y) ≈ log p(y)/p(x), how much likelier the noised text would be with y in place
   * of the row's own token x; that of x itself counts as 0, whatever the network says.
   */
  SCORE
}
