package dev.anneal.model;

/**
 * The size of a network.
 *
 * @param tokens N, the real tokens; the vocabulary is one larger, by the mask
 * @param layers transformer blocks
 * @param heads attention heads a block
 * @param channels numbers that stand for a row; a multiple of twice the heads
 * @param length the longest text in tokens
 */
public record TransformerShape(int tokens, int layers, int heads, int channels, int length) {

  /** Channels inside the feed-forward part, for each channel of a row. */
  static final int EXPANSION = 4;

  public TransformerShape {
    requirePositive("tokens", tokens);
    requirePositive("layers", layers);
    requirePositive("heads", heads);
    requirePositive("channels", channels);
    requirePositive("length", length);
    if (channels % (2 * heads) != 0) {
      throw new IllegalArgumentException(
          "channels %d: expected a multiple of twice the heads, %d, as rotary positions turn pairs"
              .formatted(channels, 2 * heads));
    }
  }

  /** D: the real tokens and the mask. */
  public int vocabulary() {
    return tokens + 1;
  }

  /** Channels of one head. */
  public int headWidth() {
    return channels / heads;
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s %d: expected at least 1".formatted(name, value));
    }
  }
}
