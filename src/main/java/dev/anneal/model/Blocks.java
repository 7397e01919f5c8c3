package dev.anneal.model;

import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** The blocks of a network, one after the other. */
final class Blocks {
  private final List<Block> blocks;
  private final long weights;

  Blocks(int layers, int heads, Parameters parameters) {
    blocks =
        IntStream.range(0, layers).mapToObj(layer -> new Block(layer, heads, parameters)).toList();
    weights = blocks.stream().mapToLong(Block::weights).sum();
  }

  /**
   * What becomes of the wanted rows.
   *
   * @param input [row, channel]
   * @param wanted int64 [wanted]
   * @return [wanted, channel]
   */
  Tensor forward(Tensor input, Block.Surroundings surroundings, Tensor wanted) {
    List<Question> questions = surroundings.call().questions();
    questions.forEach(Blocks::requireItsCache);
    Tensor hidden = input;
    for (Block block : blocks) {
      // What the backward pass needs of a block it keeps itself; the rest goes now.
      try (Scope scope = Scope.open()) {
        hidden =
            scope.keep(
                block == blocks.getLast()
                    ? block.forward(hidden, surroundings, wanted)
                    : block.forward(hidden, surroundings));
      }
    }
    questions.forEach(question -> question.cache().settle(question.window().settling()));
    return hidden;
  }

  /** How many multiplications the products of a call make, those of attention left out. */
  long multiplications(Call call) {
    return call.rows() * weights;
  }

  private static void requireItsCache(Question question) {
    int cached = question.cache().settled();
    if (cached != question.window().cached()) {
      throw new IllegalArgumentException(
          "the window counts on %d cached tokens, the cache holds %d"
              .formatted(question.window().cached(), cached));
    }
  }
}
