package dev.anneal.model;

import dev.anneal.tensor.Device;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The network of the paper: a pre-norm transformer with rotary positions, whose output at a
 * position is about that position's token (aligned outputs). The ε-hybrid one is told no noise, the
 * γ-hybrid one is ({@link Conditioning}).
 *
 * <p>Owns its rotary tables; the {@link Parameters} stay with whoever made them.
 */
public final class Transformer implements Network {
  private final TransformerShape shape;
  private final Device device;
  private final Tensor embedding;
  private final Optional<Conditioner> conditioner;
  private final Rotary rotary;
  private final Blocks blocks;
  private final Layer outputNorm;
  private final Layer output;

  /**
   * A network of given weights.
   *
   * @param parameters of that shape, all on one device; they must outlive the network
   */
  public Transformer(TransformerShape shape, Parameters parameters) {
    this.shape = shape;
    this.embedding = parameters.get("embedding");
    this.device = embedding.device();
    this.conditioner =
        shape.conditioning().map(noise -> new Conditioner(noise, shape.tokens(), parameters));
    this.rotary = new Rotary(shape.length(), shape.headWidth(), device);
    this.blocks = new Blocks(shape.layers(), shape.heads(), parameters);
    this.outputNorm = Layer.of(parameters, "output.norm");
    this.output = Layer.of(parameters, "output");
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
  public Reading reading() {
    return shape.conditioning().map(noise -> noise.output().reading()).orElse(Reading.GUESS);
  }

  @Override
  public KvCache newCache(int batch, int length) {
    return KvCache.allocate(
        new KvCache.Room(batch, shape.heads(), length, shape.headWidth()), shape.layers(), device);
  }

  @Override
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    return outputs(window, window.mask(), cache, rows, shape.tokens());
  }

  @Override
  public Tensor allLogits(Window window, Optional<Tensor> mask) {
    int[] rows = IntStream.range(0, window.batch() * window.width()).toArray();
    return outputs(window, mask, KvCache.none(), rows, shape.vocabulary())
        .reshape(window.batch(), window.width(), -1);
  }

  @Override
  public Tensor features(Window window, int[] rows) {
    window.requireWithin(shape);
    Optional<Conditioner.Told> told = conditioner.map(noise -> noise.tell(window));
    return features(window, surroundings(window, window.mask(), KvCache.none(), told), rows, told);
  }

  /** The outputs of the wanted rows, cut to the first {@code channels} of the vocabulary. */
  private Tensor outputs(
      Window window, Optional<Tensor> mask, KvCache cache, int[] rows, int channels) {
    window.requireWithin(shape);
    Optional<Conditioner.Told> told = conditioner.map(noise -> noise.tell(window));
    Tensor features = features(window, surroundings(window, mask, cache, told), rows, told);
    Tensor outputs = output.cut(channels).linear(features);
    return told.map(noise -> noise.scaled(outputs, rows)).orElse(outputs);
  }

  private Block.Surroundings surroundings(
      Window window, Optional<Tensor> mask, KvCache cache, Optional<Conditioner.Told> told) {
    return new Block.Surroundings(
        Optional.of(rotary.at(window.positionTensor().to(device), window.batch(), window.width())),
        told.map(Conditioner.Told::embedding),
        mask.map(tensor -> tensor.to(device)),
        cache);
  }

  private Tensor features(
      Window window, Block.Surroundings surroundings, int[] rows, Optional<Conditioner.Told> told) {
    Tensor hidden = blocks.forward(embedded(window, told), window, surroundings);
    Tensor index = Tensors.of(rows, rows.length).to(device);
    Tensor wanted =
        outputNorm.norm(
            hidden.reshape(-1, shape.channels()).indexSelect(0, index)); // [row, channel]
    return told.map(noise -> noise.modulated(wanted, index)).orElse(wanted);
  }

  private Tensor embedded(Window window, Optional<Conditioner.Told> told) {
    Tensor own = Nn.embedding(embedding, window.idTensor().to(device));
    Tensor mask = embedding.select(0, shape.tokens());
    return told.map(noise -> noise.mixed(own, mask)).orElse(own);
  }

  @Override
  public void close() {
    rotary.close();
  }
}
