package dev.anneal.model;

import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Recorder;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Threads;
import java.util.List;
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
  private final Placement placement;
  private final Optional<Recorder> recorder;
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
    this.placement = parameters.placement();
    this.recorder = parameters.recorder();
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
    return KvCache.allocate(room, shape.layers(), placement, recorder);
  }

  @Override
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    return outputs(Call.of(new Question(window, cache, rows), placement));
  }

  @Override
  public List<Tensor> answers(List<Question> questions) {
    Call call = Call.shared(questions, placement);
    return call.split(outputs(call));
  }

  /** Its vocabulary is that of GPT-2, without the mask. */
  @Override
  public Tensor allLogits(Window window, Optional<Tensor> mask) {
    int[] rows = IntStream.range(0, window.batch() * window.width()).toArray();
    return outputs(Call.of(new Question(window, KvCache.none(), rows), mask, placement))
        .reshape(window.batch(), window.width(), -1);
  }

  @Override
  public Tensor features(Window window, int[] rows) {
    return features(Call.of(new Question(window, KvCache.none(), rows), placement));
  }

  @Override
  public Tensor head(Window window, int[] rows, Tensor features) {
    return output.head(features);
  }

  private Tensor outputs(Call call) {
    try (Threads threads = Threads.forWork(blocks.multiplications(call))) {
      return output.head(features(call));
    }
  }

  private Tensor features(Call call) {
    call.requireWithin(shape);
    return Replays.of(call, call.inputs(Optional.empty()), given -> features(call, given));
  }

  private Tensor features(Call call, Call.Inputs inputs) {
    Tensor places = positions.indexSelect(0, inputs.positions());
    Tensor input = Nn.embedding(embedding, inputs.ids()).add(places); // [row, channel]
    var surroundings = new Block.Surroundings(Optional.empty(), Optional.empty(), call);
    return outputNorm.norm(blocks.forward(input, surroundings, inputs.wanted()));
  }

  /** It made nothing but views of its weights. */
  @Override
  public void close() {}
}
