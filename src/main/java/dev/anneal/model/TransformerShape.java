package dev.anneal.model;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The size of a {@link Transformer}.
 *
 * @param tokens N, the real tokens; the vocabulary is one larger, by the mask
 * @param layers transformer blocks
 * @param heads attention heads a block
 * @param channels numbers that stand for a row; a multiple of twice the heads
 * @param length the longest text in tokens
 * @param conditioning how it is told the noise of each row, if it is
 */
public record TransformerShape(
    int tokens,
    int layers,
    int heads,
    int channels,
    int length,
    Optional<Conditioning> conditioning)
    implements Architecture {

  public TransformerShape {
    Require.positive("tokens", tokens);
    Require.positive("layers", layers);
    Require.positive("heads", heads);
    Require.positive("channels", channels);
    Require.positive("length", length);
    if (channels % (2 * heads) != 0) {
      throw new IllegalArgumentException(
          "channels %d: expected a multiple of twice the heads, %d, as rotary positions turn pairs"
              .formatted(channels, 2 * heads));
    }
  }

  /** A network that is not told the noise. */
  public TransformerShape(int tokens, int layers, int heads, int channels, int length) {
    this(tokens, layers, heads, channels, length, Optional.empty());
  }

  /** Channels of one head. */
  public int headWidth() {
    return channels / heads;
  }

  /**
   * Initial values are those of the official code: uniform in ±1/√inputs for the embedding and the
   * linear layers, one for the scales, zero for the output layer and the modulations, so that a
   * fresh network outputs zeros, and the blocks of one that is told the noise change nothing.
   */
  @Override
  public SequencedMap<String, Parameter> parameters() {
    int hidden = Block.EXPANSION * channels;
    var all = new LinkedHashMap<String, Parameter>();
    all.put("embedding", Parameter.forInputs(channels, vocabulary(), channels));
    conditioning.ifPresent(noise -> noise.addEmbedding(all));
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
      conditioning.ifPresent(
          noise -> noise.addModulation(all, block, Block.MODULATIONS * channels));
    }
    all.put("output.norm", Parameter.constant(1, channels));
    all.put("output.weight", Parameter.constant(0, vocabulary(), channels));
    all.put("output.bias", Parameter.constant(0, vocabulary()));
    conditioning
        .filter(noise -> noise.finalLayer() == Conditioning.FinalLayer.MODULATED)
        .ifPresent(noise -> noise.addModulation(all, "output.", 2 * channels));
    return all;
  }

  @Override
  public Network network(Parameters parameters) {
    return new Transformer(this, parameters);
  }
}
