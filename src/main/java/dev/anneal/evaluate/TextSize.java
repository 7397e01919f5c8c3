package dev.anneal.evaluate;

/**
 * How much text some tokens are.
 *
 * @param tokens end tokens included
 * @param characters Unicode code points; one that is cut between two tokens counts once
 * @param bytes of UTF-8
 */
public record TextSize(long tokens, long characters, long bytes) {

  /** No text. */
  static final TextSize NONE = new TextSize(0, 0, 0);

  /**
   * Counts the bytes of a token, or of some.
   *
   * @param tokens how many they count as
   */
  static TextSize of(long tokens, byte[] text) {
    long characters = 0;
    for (byte each : text) {
      characters += isContinuation(each) ? 0 : 1;
    }
    return new TextSize(tokens, characters, text.length);
  }

  /** Both together. */
  TextSize plus(TextSize other) {
    return new TextSize(tokens + other.tokens, characters + other.characters, bytes + other.bytes);
  }

  /** Whether a byte goes on with the UTF-8 character before it. */
  private static boolean isContinuation(byte each) {
    return (each & 0xC0) == 0x80;
  }
}
