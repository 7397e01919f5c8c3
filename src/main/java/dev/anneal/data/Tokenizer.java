package dev.anneal.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Text to token ids and back.
 *
 * <p>The law of the package: ids 0 … {@code size()} − 1 are real tokens and stand for bytes; the
 * mask is the id after the last of them, so a model's vocabulary has {@code size() + 1} rows; every
 * document ends with {@link #end()}, and no text, whatever it spells, is encoded to that id.
 */
public interface Tokenizer {

  /** The number of real tokens, the paper's N. */
  int size();

  /** The id of the mask: the one after the last real token. It stands for no text. */
  default int mask() {
    return size();
  }

  /** The real token that ends a document. */
  int end();

  /**
   * The tokens of a text, and nothing around them. An unpaired surrogate, which UTF-8 cannot carry,
   * is read as a question mark.
   */
  int[] encode(String text);

  /**
   * The bytes a token stands for, possibly a part of a UTF-8 character; none for the end token. A
   * text in the making is decoded with {@link TextStream}.
   *
   * @throws IllegalArgumentException if the id is not a real token, the mask for one
   */
  byte[] bytes(int id);

  /** The text of the tokens; bytes that are not UTF-8 become U+FFFD. */
  default String decode(int[] ids) {
    var text = new ByteArrayOutputStream();
    for (int id : ids) {
      text.writeBytes(bytes(id));
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  /** SHA-256 in hexadecimal digits; another vocabulary has another digest. */
  default String digest() {
    var digest = new Digest().add(size()).add(end());
    for (int id = 0; id < size(); id++) {
      digest.add(bytes(id));
    }
    return digest.hex();
  }

  /**
   * Writes {@value Tokenizers#FILE} into a model folder; {@link Tokenizers#load} reads it back.
   *
   * @throws IOException if the file cannot be written
   */
  void save(Path folder) throws IOException;
}
