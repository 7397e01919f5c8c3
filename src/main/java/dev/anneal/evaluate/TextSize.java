package dev.anneal.evaluate;

import dev.anneal.data.Tokenizer;
import java.util.function.IntFunction;

/**
 * How much text some sequences are.
 *
 * @param tokens end tokens included
 * @param characters Unicode code points; one that is cut between two sequences counts once
 * @param bytes of UTF-8
 */
public record TextSize(long tokens, long characters, long bytes) {

  /**
   * Counts.
   *
   * @param sequences gives the i-th sequence of real tokens
   * @param count how many there are
   */
  public static TextSize of(IntFunction<int[]> sequences, int count, Tokenizer tokenizer) {
    long tokens = 0;
    long characters = 0;
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      for (int id : sequences.apply(i)) {
        tokens++;
        for (byte each : tokenizer.bytes(id)) {
          bytes++;
          characters += isContinuation(each) ? 0 : 1;
        }
      }
    }
    return new TextSize(tokens, characters, bytes);
  }

  /** Whether a byte goes on with the UTF-8 character before it. */
  private static boolean isContinuation(byte each) {
    return (each & 0xC0) == 0x80;
  }
}
