package dev.anneal.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The characters by which byte-level vocabularies write bytes, as GPT-2 chose them: a printable
 * Latin-1 byte is itself, every other byte the next character from U+0100 on.
 */
final class ByteAlphabet {

  private static final int BYTES = 256;
  private static final int FIRST_SUBSTITUTE = 0x100;

  /** The byte of each substitute, counted from the first. */
  private static final byte[] SUBSTITUTES = substitutes();

  private ByteAlphabet() {}

  /** The bytes a token's spelling stands for; a character outside the alphabet is itself. */
  static byte[] bytes(String spelling) {
    var bytes = new ByteArrayOutputStream(spelling.length());
    spelling
        .codePoints()
        .forEach(
            character -> {
              if (character < BYTES && printable(character)) {
                bytes.write(character);
              } else if (substitute(character)) {
                bytes.write(SUBSTITUTES[character - FIRST_SUBSTITUTE]);
              } else {
                bytes.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
              }
            });
    return bytes.toByteArray();
  }

  private static boolean substitute(int character) {
    return character >= FIRST_SUBSTITUTE && character < FIRST_SUBSTITUTE + SUBSTITUTES.length;
  }

  private static boolean printable(int value) {
    return (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
  }

  private static byte[] substitutes() {
    var bytes = new ByteArrayOutputStream();
    for (int value = 0; value < BYTES; value++) {
      if (!printable(value)) {
        bytes.write(value);
      }
    }
    return bytes.toByteArray();
  }
}
