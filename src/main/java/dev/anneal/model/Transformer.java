package dev.anneal.model;

import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Recorder;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Threads;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The network of the paper: a pre-norm transformer with rotary positions, whose output at a
 * position is about that position's token (aligned outputs). The ε-hybrid one is told no noise, the
 * γ-hybrid one is ({@link Conditioning}).
 *
 * <p>Owns its rotary tables and the frequencies of its noise; the {@link Parameters} stay with
 * whoever made them.
 */
public final class Transformer implements Network {
  private final TransformerShape shape;
  private final Placement placement;
  private final Optional<Recorder> recorder;
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
    this.placement = parameters.placement();
    this.recorder = parameters.recorder();
    this.conditioner =
        shape.conditioning().map(noise -> new Conditioner(noise, shape.tokens(), parameters));
    this.rotary = new Rotary(shape.length(), shape.headWidth(), placement.device());
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
        new KvCache.Room(batch, shape.heads(), length, shape.headWidth()),
        shape.layers(),
        placement,
        recorder);
  }

  @Override
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    var question = new Question(window, cache, rows);
    return outputs(Call.of(question, placement), shape.tokens());
  }

  @Override
  public List<Tensor> answers(List<Question> questions) {
    Call call = Call.shared(questions, placement);
    return call.split(outputs(call, shape.tokens()));
  }

  @Override
  public Tensor allLogits(Window window, Optional<Tensor> mask) {
    int[] rows = IntStream.range(0, window.batch() * window.width()).toArray();
    var question = new Question(window, KvCache.none(), rows);
    return outputs(Call.of(question, mask, placement), shape.vocabulary())
        .reshape(window.batch(), window.width(), -1);
  }

  @Override
  public Tensor features(Window window, int[] rows) {
    return features(Call.of(new Question(window, KvCache.none(), rows), placement));
  }

  @Override
  public Tensor head(Window window, int[] rows, Tensor features) {
    Tensor outputs = output.cut(shape.tokens()).head(features);
    return conditioner
        .filter(Conditioner::scales)
        .map(noise -> noise.scaled(outputs, window.guessedSigmas(rows)))
        .orElse(outputs);
  }

  /** The outputs of the wanted rows, cut to the first {@code channels} of the vocabulary. */
  private Tensor outputs(Call call, int channels) {
    try (Threads threads = Threads.forWork(blocks.multiplications(call))) {
      Tensor outputs = output.cut(channels).head(features(call));
      return conditioner
          .filter(Conditioner::scales)
          .map(noise -> noise.scaled(outputs, call.guessedSigmas()))
          .orElse(outputs);
    }
  }

  private Tensor features(Call call) {
    call.requireWithin(shape);
    Call.Inputs inputs = call.inputs(conditioner.flatMap(noise -> noise.asked(call)));
    return Replays.of(call, inputs, given -> features(call, given));
  }

  private Tensor features(Call call, Call.Inputs inputs) {
    Optional<Conditioner.Told> told = conditioner.map(noise -> noise.tell(inputs));
    var surroundings =
        new Block.Surroundings(
            Optional.of(rotary.at(inputs.positions())),
            told.map(Conditioner.Told::embedding),
            call);
    Tensor input = embedded(inputs.ids(), told); // [row, channel]
    Tensor wanted = inputs.wanted();
    Tensor hidden = blocks.forward(input, surroundings, wanted); // [wanted, channel]
    Tensor normed = outputNorm.norm(hidden);
    return told.map(noise -> noise.modulated(normed, wanted)).orElse(normed);
  }

  private Tensor embedded(Tensor ids, Optional<Conditioner.Told> told) {
    Tensor own = Nn.embedding(embedding, ids);
    Tensor mask = embedding.select(0, shape.tokens());
    return told.map(noise -> noise.mixed(own, mask)).orElse(own);
  }

  @Override
  public void close() {
    rotary.close();
    conditioner.ifPresent(Conditioner::close);
  }
}
