package dev.anneal.data;

/**
 * A corpus cut into sequences of one length, from its first token on. Only what is left at the very
 * end is dropped: documents run over the borders.
 *
 * @param corpus the tokens
 * @param length tokens a sequence has
 */
public record Chunks(Corpus corpus, int length) {

  public Chunks {
    if (length < 1) {
      throw new IllegalArgumentException(
          "sequence length %d: expected 1 or more".formatted(length));
    }
    if (corpus.tokens() < length) {
      throw new IllegalArgumentException(
          "corpus of %d tokens: expected at least one sequence of %d"
              .formatted(corpus.tokens(), length));
    }
  }

  /** How many whole sequences there are. */
  public long count() {
    return corpus.tokens() / length;
  }

  /**
   * The tokens of one sequence.
   *
   * @param index 0 … count − 1
   */
  public int[] sequence(long index) {
    return corpus.slice(index * length, length);
  }
}
