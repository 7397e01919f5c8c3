package dev.anneal.model;

import dev.anneal.tensor.Device;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * GPT-2's network: learned positions, layer norms and linear layers with biases, and an output head
 * that is the embedding itself. Under a causal pattern it is GPT-2; as a published one guesses the
 * next token, its outputs are shifted: row i is about token i + 1.
 *
 * <p>The embedding has a row for the mask, which GPT-2 lacks; the head has none.
 */
public final class GptTransformer implements Network {
  private final GptShape shape;
  private final Tensor embedding;
  private final Tensor positions;
  private final Blocks blocks;
  private final Layer outputNorm;
  private final Layer output;

  /**
   * A network of given weights.
   *
   * @param parameters of that shape, all on one device; they must outlive the network
   */
  public GptTransformer(GptShape shape, Parameters parameters) {
    this.shape = shape;
    this.embedding = parameters.get("embedding");
    this.positions = parameters.get("positions");
    this.blocks = new Blocks(shape.layers(), shape.heads(), parameters);
    this.outputNorm = Layer.of(parameters, "output.norm");
    this.output = Layer.of(embedding, Optional.empty(), parameters.products()).cut(shape.tokens());
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
    var room = new KvCache.Room(batch, shape.heads(), length, shape.channels() / shape.heads());
    return KvCache.allocate(room, shape.layers(), embedding.device());
  }

  @Override
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    return outputs(window, window.mask(), cache, rows);
  }

  /** Its vocabulary is that of GPT-2, without the mask. */
  @Override
  public Tensor allLogits(Window window, Optional<Tensor> mask) {
    int[] rows = IntStream.range(0, window.batch() * window.width()).toArray();
    return outputs(window, mask, KvCache.none(), rows).reshape(window.batch(), window.width(), -1);
  }

  @Override
  public Tensor features(Window window, int[] rows) {
    return features(window, window.mask(), KvCache.none(), rows);
  }

  private Tensor outputs(Window window, Optional<Tensor> mask, KvCache cache, int[] rows) {
    return output.linear(features(window, mask, cache, rows));
  }

  private Tensor features(Window window, Optional<Tensor> mask, KvCache cache, int[] rows) {
    window.requireWithin(shape);
    Device device = embedding.device();
    Tensor places =
        positions
            .indexSelect(0, window.positionTensor().to(device))
            .reshape(window.batch(), window.width(), -1);
    Tensor input = Nn.embedding(embedding, window.idTensor().to(device)).add(places);
    var surroundings =
        new Block.Surroundings(
            Optional.empty(), Optional.empty(), mask.map(tensor -> tensor.to(device)), cache);
    Tensor hidden = blocks.forward(input, window, surroundings).reshape(-1, shape.channels());
    Tensor wanted = hidden.indexSelect(0, Tensors.of(rows, rows.length).to(device));
    return outputNorm.norm(wanted);
  }

  /** It made nothing but views of its weights. */
  @Override
  public void close() {}
}
