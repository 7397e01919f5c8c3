package dev.anneal.data;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text as its tokens settle: a character whose bytes are spread over several tokens is held back
 * until it is whole. What {@link #feed} and {@link #finish} return, put together, is {@link
 * Tokenizer#decode} of the ids. One stream serves one text.
 */
public final class TextStream {

  private final Tokenizer tokenizer;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE);

  /** The bytes of the character that is not whole yet: three at most. */
  private byte[] heldBack = new byte[0];

  public TextStream(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** The characters that this token completes. */
  public String feed(int id) {
    byte[] bytes = tokenizer.bytes(id);
    var input = ByteBuffer.allocate(heldBack.length + bytes.length).put(heldBack).put(bytes).flip();
    var output = CharBuffer.allocate(input.remaining());
    decoder.decode(input, output, false);
    heldBack = new byte[input.remaining()];
    input.get(heldBack);
    return output.flip().toString();
  }

  /** What was held back: nothing, or U+FFFD where the text stops inside a character. */
  public String finish() {
    String rest = new String(heldBack, StandardCharsets.UTF_8);
    heldBack = new byte[0];
    return rest;
  }
}
