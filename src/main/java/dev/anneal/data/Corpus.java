package dev.anneal.data;

/** A long row of tokens: documents one after the other, each ended by the tokenizer's end token. */
public interface Corpus {

  /** How many tokens there are. */
  long tokens();

  /**
   * Fills the target with consecutive tokens.
   *
   * @param from index of the first token
   * @throws IndexOutOfBoundsException if the corpus ends before the target is full
   */
  void copy(long from, int[] target);

  /** Consecutive tokens, see {@link #copy}. */
  default int[] slice(long from, int length) {
    int[] target = new int[length];
    copy(from, target);
    return target;
  }
}
