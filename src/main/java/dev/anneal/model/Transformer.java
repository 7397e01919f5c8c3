package dev.anneal.model;

import dev.anneal.tensor.Device;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ε-hybrid network of the paper: a pre-norm transformer with rotary positions and no time
 * input, whose output at a position guesses that position's token (aligned outputs).
 *
 * <p>Owns its rotary tables; the {@link Parameters} stay with whoever made them.
 */
public final class Transformer implements Network {
  private final TransformerShape shape;
  private final Device device;
  private final Parameters parameters;
  private final Rotary rotary;
  private final List<Block> blocks = new ArrayList<>();

  /**
   * A network of given weights.
   *
   * @param parameters of that shape, all on one device; they must outlive the network
   */
  public Transformer(TransformerShape shape, Parameters parameters) {
    this.shape = shape;
    this.parameters = parameters;
    this.device = parameters.get("embedding").device();
    this.rotary = new Rotary(shape.length(), shape.headWidth(), device);
    for (int layer = 0; layer < shape.layers(); layer++) {
      blocks.add(new Block(shape, layer, parameters));
    }
  }

  @Override
  public int tokens() {
    return shape.tokens();
  }

  @Override
  public int length() {
    return shape.length();
  }

  @Override
  public KvCache newCache(int batch, int length) {
    return KvCache.allocate(
        new KvCache.Room(batch, shape.heads(), length, shape.headWidth()), shape.layers(), device);
  }

  @Override
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    Tensor hidden = hidden(window, window.mask(), cache); // [batch, width, channel]
    Tensor flat = hidden.reshape(-1, shape.channels());
    Tensor wanted = flat.indexSelect(0, Tensors.of(rows, rows.length).to(device));
    return output(wanted, shape.tokens());
  }

  @Override
  public Tensor allLogits(Window window, Optional<Tensor> mask) {
    return output(hidden(window, mask, KvCache.none()), shape.vocabulary());
  }

  private Tensor hidden(Window window, Optional<Tensor> mask, KvCache cache) {
    if (cache.settled() != window.cached()) {
      throw new IllegalArgumentException(
          "the window counts on %d cached tokens, the cache holds %d"
              .formatted(window.cached(), cache.settled()));
    }
    window.requireWithin(shape);
    Tensor ids = window.idTensor().to(device);
    var surroundings =
        new Block.Surroundings(
            rotary.at(window.positionTensor().to(device), window.batch(), window.width()),
            mask.map(tensor -> tensor.to(device)),
            cache);
    Tensor hidden = Nn.embedding(parameters.get("embedding"), ids);
    for (Block block : blocks) {
      // What the backward pass needs of a block it keeps itself; the rest goes now.
      try (Scope scope = Scope.open()) {
        hidden = scope.keep(block.forward(hidden, surroundings));
      }
    }
    cache.settle(window.settling());
    return hidden;
  }

  /** The output head, cut to the first {@code channels} of the vocabulary. */
  private Tensor output(Tensor hidden, int channels) {
    return Nn.linear(
        Nn.layerNorm(hidden, parameters.get("output.norm")),
        parameters.get("output.weight").narrow(0, 0, channels),
        parameters.get("output.bias").narrow(0, 0, channels));
  }

  @Override
  public void close() {
    rotary.close();
  }
}
