package dev.anneal.evaluate;

import dev.anneal.data.Corpus;
import java.util.Arrays;

/** Where the documents of a text begin and end. */
final class DocumentBorders {
  private static final int SLICE = 1 << 16;

  private final long[] ends; // the token after each document, rising

  private DocumentBorders(long[] ends) {
    this.ends = ends;
  }

  /**
   * Finds them.
   *
   * @param end the token that ends each document
   */
  static DocumentBorders of(Corpus corpus, int end) {
    long[] ends = new long[16];
    int documents = 0;
    for (long from = 0; from < corpus.tokens(); from += SLICE) {
      int[] ids = corpus.slice(from, (int) Math.min(SLICE, corpus.tokens() - from));
      for (int i = 0; i < ids.length; i++) {
        if (ids[i] == end) {
          if (documents == ends.length) {
            ends = Arrays.copyOf(ends, 2 * documents);
          }
          ends[documents++] = from + i + 1;
        }
      }
    }
    return new DocumentBorders(Arrays.copyOf(ends, documents));
  }

  int documents() {
    return ends.length;
  }

  /** The first token of a document. */
  long start(int document) {
    return document == 0 ? 0 : ends[document - 1];
  }

  /** The token after its end token. */
  long end(int document) {
    return ends[document];
  }

  /** The document of a token. */
  int document(long token) {
    int found = Arrays.binarySearch(ends, token + 1);
    return found < 0 ? -found - 1 : found;
  }
}
