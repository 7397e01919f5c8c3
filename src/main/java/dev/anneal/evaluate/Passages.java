package dev.anneal.evaluate;

import dev.anneal.data.Corpus;
import dev.anneal.data.Tokenizer;
import dev.anneal.tensor.Rng;
import java.util.Arrays;

/** The sequences that a text is measured in, in the order of the text. */
public final class Passages {

  /** How documents, each ended by its end token, become sequences of at most a length. */
  public enum Cut {
    /** One after the other, cut at the length; what is left at the very end is a shorter one. */
    ALL,
    /** The same, but what is left at the very end is dropped. */
    WHOLE,
    /** As whole ones, two tokens shorter, between two end tokens. */
    WRAPPED,
    /** One of each document: all of it, or a window at a random place if it is longer. */
    WINDOW
  }

  /** One sequence. */
  static final class Passage {
    private final int[] ids;
    private final long from;
    private final int lead;

    /**
     * A sequence.
     *
     * @param ids real tokens
     * @param from which token of the text stands at {@code lead}
     * @param lead how many end tokens were put in front
     */
    private Passage(int[] ids, long from, int lead) {
      this.ids = ids;
      this.from = from;
      this.lead = lead;
    }

    int[] ids() {
      return ids;
    }
  }

  private final Corpus corpus;
  private final DocumentBorders borders;
  private final int end;
  private final Cut cut;
  private final int length;
  private final Rng rng;

  /**
   * The sequences of a text.
   *
   * @param corpus the text
   * @param tokenizer of its tokens
   * @param length the most tokens that a sequence may have
   * @param rng where windows lie
   * @throws IllegalArgumentException if there is none
   */
  public Passages(Corpus corpus, Tokenizer tokenizer, Cut cut, int length, Rng rng) {
    this.corpus = corpus;
    this.end = tokenizer.end();
    this.borders = DocumentBorders.of(corpus, end);
    this.cut = cut;
    this.length = length;
    this.rng = rng;
    if (inner() < 1) {
      throw new IllegalArgumentException(
          "sequences of %d tokens, cut %s: expected at least 1 of the text".formatted(length, cut));
    }
    if (all() == 0) {
      throw new IllegalArgumentException(
          "text of %d tokens: expected at least %s"
              .formatted(corpus.tokens(), cut == Cut.WINDOW ? "a document" : atLeast()));
    }
  }

  /** How many tokens the text must have. */
  private int atLeast() {
    return cut == Cut.ALL ? 1 : inner();
  }

  /** Tokens of the text in a full sequence. */
  private int inner() {
    return cut == Cut.WRAPPED ? length - 2 : length;
  }

  /** How many sequences there are. */
  public int count() {
    return Math.toIntExact(all());
  }

  private long all() {
    return switch (cut) {
      case ALL -> Math.ceilDiv(corpus.tokens(), inner());
      case WHOLE, WRAPPED -> corpus.tokens() / inner();
      case WINDOW -> borders.documents();
    };
  }

  /** The most tokens that a sequence has. */
  public int length() {
    return length;
  }

  /** One of them, 0 … count − 1. */
  Passage passage(int index) {
    return switch (cut) {
      case ALL, WHOLE -> {
        long from = (long) index * length;
        yield new Passage(slice(from, corpus.tokens()), from, 0);
      }
      case WRAPPED -> {
        long from = (long) index * inner();
        int[] ids = new int[length];
        Arrays.fill(ids, end);
        System.arraycopy(corpus.slice(from, inner()), 0, ids, 1, inner());
        yield new Passage(ids, from, 1);
      }
      case WINDOW -> {
        long spare = Math.max(0, borders.end(index) - borders.start(index) - length);
        long shift = (long) (rng.uniform(Rng.Purpose.ORDER, index, 0, 0) * (spare + 1));
        long from = borders.start(index) + shift;
        yield new Passage(slice(from, borders.end(index)), from, 0);
      }
    };
  }

  private int[] slice(long from, long end) {
    return corpus.slice(from, (int) Math.min(length, end - from));
  }

  /** The tokens of a sequence. */
  public int[] ids(int index) {
    return passage(index).ids;
  }

  /**
   * The document that a token of the text belongs to, from 0; what wraps belongs to its neighbour.
   */
  long document(Passage passage, int position) {
    long last = passage.from + Math.min(inner(), passage.ids.length) - 1;
    return borders.document(Math.clamp(passage.from + position - passage.lead, passage.from, last));
  }
}
