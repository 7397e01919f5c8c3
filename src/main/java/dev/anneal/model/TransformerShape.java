package dev.anneal.model;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The size of a {@link Transformer}.
 *
 * @param tokens N, the real tokens; the vocabulary is one larger, by the mask
 * @param layers transformer blocks
 * @param heads attention heads a block
 * @param channels numbers that stand for a row; a multiple of twice the heads
 * @param length the longest text in tokens
 */
public record TransformerShape(int tokens, int layers, int heads, int channels, int length)
    implements Architecture {

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

  /** Channels of one head. */
  public int headWidth() {
    return channels / heads;
  }

  /**
   * Initial values are those of the official code: uniform in ±1/√inputs for the embedding and the
   * linear layers, one for the scales, zero for the output layer, so that a fresh network guesses
   * every token alike.
   */
  @Override
  public SequencedMap<String, Parameter> parameters() {
    int hidden = EXPANSION * channels;
    var all = new LinkedHashMap<String, Parameter>();
    all.put("embedding", Parameter.forInputs(channels, vocabulary(), channels));
    for (int layer = 0; layer < layers; layer++) {
      String block = "blocks." + layer + ".";
      all.put(block + "attention.norm", Parameter.constant(1, channels));
      all.put(
          block + "attention.query_key_value",
          Parameter.forInputs(channels, 3L * channels, channels));
      all.put(block + "attention.output", Parameter.forInputs(channels, channels, channels));
      all.put(block + "feed_forward.norm", Parameter.constant(1, channels));
      all.put(block + "feed_forward.up.weight", Parameter.forInputs(channels, hidden, channels));
      all.put(block + "feed_forward.up.bias", Parameter.forInputs(channels, hidden));
      all.put(block + "feed_forward.down.weight", Parameter.forInputs(hidden, channels, hidden));
      all.put(block + "feed_forward.down.bias", Parameter.forInputs(hidden, channels));
    }
    all.put("output.norm", Parameter.constant(1, channels));
    all.put("output.weight", Parameter.constant(0, vocabulary(), channels));
    all.put("output.bias", Parameter.constant(0, vocabulary()));
    return all;
  }

  @Override
  public Network network(Parameters parameters) {
    return new Transformer(this, parameters);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s %d: expected at least 1".formatted(name, value));
    }
  }
}
