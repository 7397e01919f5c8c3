package dev.anneal.model;

import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import java.util.Optional;

/**
 * One pre-norm transformer block: attention, then the feed-forward part, each added to its input.
 */
final class Block {
  private final TransformerShape shape;
  private final int layer;
  private final Tensor attentionNorm;
  private final Tensor queryKeyValue;
  private final Tensor attentionOutput;
  private final Tensor feedForwardNorm;
  private final Tensor upWeight;
  private final Tensor upBias;
  private final Tensor downWeight;
  private final Tensor downBias;

  Block(TransformerShape shape, int layer, Parameters parameters) {
    String prefix = "blocks." + layer + ".";
    this.shape = shape;
    this.layer = layer;
    attentionNorm = parameters.get(prefix + "attention.norm");
    queryKeyValue = parameters.get(prefix + "attention.query_key_value");
    attentionOutput = parameters.get(prefix + "attention.output");
    feedForwardNorm = parameters.get(prefix + "feed_forward.norm");
    upWeight = parameters.get(prefix + "feed_forward.up.weight");
    upBias = parameters.get(prefix + "feed_forward.up.bias");
    downWeight = parameters.get(prefix + "feed_forward.down.weight");
    downBias = parameters.get(prefix + "feed_forward.down.bias");
  }

  /**
   * What a whole window shares.
   *
   * @param angles of the rows' positions
   * @param mask who sees whom, bool [batch, 1, query, key]; absent if everyone sees everyone
   * @param cache keys and values of settled tokens
   */
  record Surroundings(Rotary.Angles angles, Optional<Tensor> mask, KvCache cache) {}

  /** [batch, width, channel] to the same. */
  Tensor forward(Tensor input, Surroundings surroundings) {
    Tensor attended = input.add(attention(Nn.layerNorm(input, attentionNorm), surroundings));
    Tensor hidden = Nn.gelu(Nn.linear(Nn.layerNorm(attended, feedForwardNorm), upWeight, upBias));
    return attended.add(Nn.linear(hidden, downWeight, downBias));
  }

  private Tensor attention(Tensor input, Surroundings surroundings) {
    long batch = input.size(0);
    long width = input.size(1);
    Tensor joint =
        Nn.linear(input, queryKeyValue).reshape(batch, width, 3, shape.heads(), shape.headWidth());
    Tensor turned = surroundings.angles.turn(joint.narrow(2, 0, 2));
    Tensor query = turned.select(2, 0).transpose(1, 2); // [batch, head, width, channel]
    var seen =
        surroundings.cache.extend(
            layer, turned.select(2, 1).transpose(1, 2), joint.select(2, 2).transpose(1, 2));
    Tensor mixed = Nn.attention(query, seen.keys(), seen.values(), surroundings.mask);
    return Nn.linear(
        mixed.transpose(1, 2).reshape(batch, width, shape.channels()), attentionOutput);
  }
}
