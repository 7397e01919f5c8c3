package dev.anneal.model;

import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One pre-norm transformer block: attention, then the feed-forward part, each added to its input.
 */
final class Block {
  /** Channels inside the feed-forward part, for each channel of a row. */
  static final int EXPANSION = 4;

  private static final int ATTENTION = 0;
  private static final int FEED_FORWARD = 1;

  /** How many numbers steer a block, for each channel of a row. */
  static final int MODULATIONS = 2 * Modulation.PARTS;

  private final int layer;
  private final int heads;
  private final Layer attentionNorm;
  private final Layer queryKeyValue;
  private final Layer attentionOutput;
  private final Layer feedForwardNorm;
  private final Layer up;
  private final Layer down;
  private final Optional<Layer> modulation;

  Block(int layer, int heads, Parameters parameters) {
    String prefix = "blocks." + layer + ".";
    this.layer = layer;
    this.heads = heads;
    attentionNorm = Layer.of(parameters, prefix + "attention.norm");
    queryKeyValue = Layer.of(parameters, prefix + "attention.query_key_value");
    attentionOutput = Layer.of(parameters, prefix + "attention.output");
    feedForwardNorm = Layer.of(parameters, prefix + "feed_forward.norm");
    up = Layer.of(parameters, prefix + "feed_forward.up");
    down = Layer.of(parameters, prefix + "feed_forward.down");
    modulation = Layer.find(parameters, prefix + "modulation");
  }

  /**
   * What all blocks see of a call beside its rows.
   *
   * @param angles of the rows' positions, if the network turns its queries and keys
   * @param noise of each row as the network sees it, if it does, [row, conditioning]
   * @param call whose rows they are, and what is cached of each text
   */
  record Surroundings(Optional<Rotary.Angles> angles, Optional<Tensor> noise, Call call) {}

  /** With how many weights a row is multiplied. */
  long weights() {
    return Stream.of(queryKeyValue, attentionOutput, up, down)
        .mapToLong(linear -> linear.weight().count())
        .sum();
  }

  /** [row, channel] to the same. */
  Tensor forward(Tensor input, Surroundings surroundings) {
    return forward(input, surroundings, UnaryOperator.identity());
  }

  /**
   * As the last block, which only the wanted rows leave; attention sees all of them.
   *
   * @param wanted int64 [wanted]
   * @return [wanted, channel]
   */
  Tensor forward(Tensor input, Surroundings surroundings, Tensor wanted) {
    return forward(input, surroundings, rows -> rows.indexSelect(0, wanted));
  }

  private Tensor forward(Tensor input, Surroundings surroundings, UnaryOperator<Tensor> kept) {
    Optional<Tensor> all =
        surroundings.noise.flatMap(noise -> modulation.map(layer -> layer.linear(noise)));
    Optional<Tensor> some = all.map(kept);
    Tensor normed = steered(attentionNorm.norm(input), all, ATTENTION);
    Tensor mixed = kept.apply(mixed(normed, surroundings));
    Tensor attended = sum(kept.apply(input), attentionOutput.linear(mixed), some, ATTENTION);
    Tensor inner = up.gelu(steered(feedForwardNorm.norm(attended), some, FEED_FORWARD));
    return sum(attended, down.linear(inner), some, FEED_FORWARD);
  }

  private static Tensor steered(Tensor normed, Optional<Tensor> modulations, int branch) {
    return modulations
        .map(all -> Modulation.of(all, branch, normed.size(1)).input(normed))
        .orElse(normed);
  }

  private static Tensor sum(Tensor input, Tensor output, Optional<Tensor> modulations, int branch) {
    return input.add(
        modulations
            .map(all -> Modulation.of(all, branch, input.size(1)).output(output))
            .orElse(output));
  }

  /** The values that each row's attention mixes, [row, channel]. */
  private Tensor mixed(Tensor input, Surroundings surroundings) {
    Precision precision = queryKeyValue.products().precision();
    var own = Heads.of(queryKeyValue.linear(input), heads, surroundings.angles, precision);
    Call call = surroundings.call;
    var mixed = new ArrayList<Tensor>();
    for (Call.Part part : call.parts()) {
      var seen = part.cache().extend(layer, part.heads(own.keys()), part.heads(own.values()));
      Tensor query = part.heads(own.queries());
      Tensor found = part.attention().mixed(query, seen.keys(), seen.values());
      mixed.add(found.reshape(part.rows(), -1));
    }
    if (call.padding() > 0) {
      mixed.add(precision.of(input.narrow(0, call.rows() - call.padding(), call.padding())));
    }
    return mixed.size() == 1 ? mixed.getFirst() : Tensors.concatenate(mixed, 0);
  }
}
