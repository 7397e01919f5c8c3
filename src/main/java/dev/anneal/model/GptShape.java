package dev.anneal.model;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The size of a {@link GptTransformer}.
 *
 * @param tokens N, the real tokens; the embedding has one row more, for the mask
 * @param layers transformer blocks
 * @param heads attention heads a block; a divisor of the channels
 * @param channels numbers that stand for a row
 * @param length the longest text in tokens
 */
public record GptShape(int tokens, int layers, int heads, int channels, int length)
    implements Architecture {

  /** Uniform weights of GPT-2's standard deviation, 0.02. */
  private static final double SPREAD = 0.02 * Math.sqrt(3);

  public GptShape {
    Require.positive("tokens", tokens);
    Require.positive("layers", layers);
    Require.positive("heads", heads);
    Require.positive("channels", channels);
    Require.positive("length", length);
    if (channels % heads != 0) {
      throw new IllegalArgumentException(
          "channels %d: expected a multiple of the heads, %d".formatted(channels, heads));
    }
  }

  /**
   * Initial weights have the standard deviation of GPT-2's; those that add to a row are smaller by
   * √(2 · layers). The mask is the embedding's last row.
   */
  @Override
  public SequencedMap<String, Parameter> parameters() {
    int hidden = Block.EXPANSION * channels;
    double adding = SPREAD / Math.sqrt(2.0 * layers);
    var all = new LinkedHashMap<String, Parameter>();
    all.put("embedding", Parameter.uniform(SPREAD, vocabulary(), channels));
    all.put("positions", Parameter.uniform(SPREAD, length, channels));
    for (int layer = 0; layer < layers; layer++) {
      String block = "blocks." + layer + ".";
      addNorm(all, block + "attention.norm");
      addLinear(all, block + "attention.query_key_value", SPREAD, 3 * channels, channels);
      addLinear(all, block + "attention.output", adding, channels, channels);
      addNorm(all, block + "feed_forward.norm");
      addLinear(all, block + "feed_forward.up", SPREAD, hidden, channels);
      addLinear(all, block + "feed_forward.down", adding, channels, hidden);
    }
    addNorm(all, "output.norm");
    return all;
  }

  private void addNorm(SequencedMap<String, Parameter> all, String name) {
    all.put(name + ".weight", Parameter.constant(1, channels));
    all.put(name + ".bias", Parameter.constant(0, channels));
  }

  private static void addLinear(
      SequencedMap<String, Parameter> all, String name, double spread, int outputs, int inputs) {
    all.put(name + ".weight", Parameter.uniform(spread, outputs, inputs));
    all.put(name + ".bias", Parameter.constant(0, outputs));
  }

  @Override
  public Network network(Parameters parameters) {
    return new GptTransformer(this, parameters);
  }
}
