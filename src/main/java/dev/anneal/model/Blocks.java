package dev.anneal.model;

import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** The blocks of a network, one after the other. */
final class Blocks {
  private final List<Block> blocks;

  Blocks(int layers, int heads, Parameters parameters) {
    blocks =
        IntStream.range(0, layers).mapToObj(layer -> new Block(layer, heads, parameters)).toList();
  }

  /** [batch, width, channel] to the same. */
  Tensor forward(Tensor input, Window window, Block.Surroundings surroundings) {
    KvCache cache = surroundings.cache();
    if (cache.settled() != window.cached()) {
      throw new IllegalArgumentException(
          "the window counts on %d cached tokens, the cache holds %d"
              .formatted(window.cached(), cache.settled()));
    }
    Tensor hidden = input;
    for (Block block : blocks) {
      // What the backward pass needs of a block it keeps itself; the rest goes now.
      try (Scope scope = Scope.open()) {
        hidden = scope.keep(block.forward(hidden, surroundings));
      }
    }
    cache.settle(window.settling());
    return hidden;
  }
}
