package dev.anneal.data;

/** Whether the corpus is cut at the same tokens in every epoch. */
public enum ChunkBorders {
  /** The sequences of {@link Chunks}, every epoch. */
  FIXED,
  /**
   * Every epoch starts to cut at a random token and goes round: the model sees every border moved.
   */
  MOVING
}
