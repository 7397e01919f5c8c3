package dev.anneal.data;

import dev.anneal.tensor.Rng;

/**
 * The endless order of training: in every epoch each sequence comes once, shuffled anew.
 *
 * <p>The k-th sequence is a pure function of (seed, k), so a run resumes from its count alone.
 *
 * @param chunks what is cut
 * @param borders whether each epoch cuts elsewhere
 * @param rng the run's chance
 */
public record ShuffledChunks(Chunks chunks, ChunkBorders borders, Rng rng) {

  /** A step no round of {@link Permutation} uses. */
  private static final int OFFSET_STEP = Permutation.ROUNDS;

  /**
   * The tokens of the k-th sequence of the run.
   *
   * @param k 0, 1, …
   */
  public int[] sequence(long k) {
    long epoch = k / chunks.count();
    long index = new Permutation(chunks.count(), epoch, rng).at(k % chunks.count());
    return switch (borders) {
      case FIXED -> chunks.sequence(index);
      case MOVING -> around((offset(epoch) + index * chunks.length()) % chunks.corpus().tokens());
    };
  }

  private long offset(long epoch) {
    double uniform = rng.uniform(Rng.Purpose.ORDER, epoch, OFFSET_STEP, 0);
    return (long) (uniform * chunks.corpus().tokens());
  }

  /** A sequence that, where the corpus ends, goes on with its first document. */
  private int[] around(long from) {
    Corpus corpus = chunks.corpus();
    int beforeEnd = (int) Math.min(chunks.length(), corpus.tokens() - from);
    int[] sequence = new int[chunks.length()];
    System.arraycopy(corpus.slice(from, beforeEnd), 0, sequence, 0, beforeEnd);
    int[] rest = corpus.slice(0, chunks.length() - beforeEnd);
    System.arraycopy(rest, 0, sequence, beforeEnd, rest.length);
    return sequence;
  }
}
