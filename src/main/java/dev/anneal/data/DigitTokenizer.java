package dev.anneal.data;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One token for each of the digits 1 … 9, and the end token after them, N = 10: for puzzles. White
 * space is nothing but layout.
 */
public record DigitTokenizer() implements Tokenizer {

  /** The name recipes know it by. */
  public static final String NAME = "digits";

  private static final int DIGITS = 9;

  @Override
  public int size() {
    return DIGITS + 1;
  }

  @Override
  public int end() {
    return DIGITS;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the text has other characters than digits 1 … 9 and white
   *     space
   */
  @Override
  public int[] encode(String text) {
    return text.codePoints()
        .filter(character -> !Character.isWhitespace(character))
        .map(DigitTokenizer::id)
        .toArray();
  }

  private static int id(int character) {
    if (character < '1' || character > '9') {
      throw new IllegalArgumentException(
          "character '%s': expected digits 1 … 9, the tokens of puzzles"
              .formatted(Character.toString(character)));
    }
    return character - '1';
  }

  @Override
  public byte[] bytes(int id) {
    Tokenizers.checkReal(this, id);
    return id == end() ? new byte[0] : new byte[] {(byte) ('1' + id)};
  }

  @Override
  public void save(Path folder) throws IOException {
    Tokenizers.saveName(NAME, folder);
  }
}
