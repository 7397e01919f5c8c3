package dev.anneal.data;

import java.io.IOException;

/**
 * Makes pieces of lines. A piece ends with a line break between two visible characters, where
 * byte-level tokenizers cut anyway, so that the pieces have the same tokens as the whole.
 */
final class DocumentBuilder {

  private static final int PIECE_CHARACTERS = 1 << 16;

  /** A text without such a line break is cut all the same before it fills the memory. */
  private static final int LONGEST_PIECE_CHARACTERS = 1 << 20;

  private final DocumentSink sink;
  private final StringBuilder piece = new StringBuilder();
  private boolean begun;
  private boolean passedOn;

  DocumentBuilder(DocumentSink sink) {
    this.sink = sink;
  }

  /** Adds a line, given without its end. Lines are joined by {@code \n}. */
  void line(String line) throws IOException {
    if (begun) {
      boolean cut = piece.length() >= PIECE_CHARACTERS && visibleBorder(line);
      piece.append('\n');
      if (cut || piece.length() >= LONGEST_PIECE_CHARACTERS) {
        pass();
      }
    }
    piece.append(line);
    begun = true;
  }

  /** Ends the document, unless it was blank: then there was none. */
  void end() throws IOException {
    if (passedOn || !piece.toString().isBlank()) {
      if (!piece.isEmpty()) {
        pass();
      }
      sink.end();
    }
    piece.setLength(0);
    begun = false;
    passedOn = false;
  }

  private void pass() throws IOException {
    sink.piece(piece.toString());
    piece.setLength(0);
    passedOn = true;
  }

  private boolean visibleBorder(String next) {
    return !Character.isWhitespace(piece.charAt(piece.length() - 1))
        && !next.isEmpty()
        && !Character.isWhitespace(next.charAt(0));
  }
}
