package dev.anneal.data;

import java.io.IOException;

/** Takes documents piece by piece, so that no document need fit into memory. */
public interface DocumentSink {

  /** The next piece of the document; cut where a tokenizer would cut too. */
  void piece(String text) throws IOException;

  /** The document is complete. It had at least one piece. */
  void end() throws IOException;
}
