package dev.anneal.bench;

import dev.anneal.attention.CausalContext;
import dev.anneal.model.Parameters;
import dev.anneal.model.Placement;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.objective.EpsilonCrossEntropy;
import dev.anneal.objective.Noising;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Linear;
import dev.anneal.task.Example;
import dev.anneal.tensor.Rng;
import dev.anneal.train.AdamW;
import dev.anneal.train.LearningRate;
import dev.anneal.train.Mixture;
import dev.anneal.train.Trainer;
import java.util.Arrays;
import java.util.List;

/**
 * The training steps of a run, on random tokens: ε-hybrid noise and a flat hyperschedule, so that
 * nearly every row goes through the output head; averaged weights, too.
 */
public final class TrainingSteps implements AutoCloseable {
  private static final int LONG_RUN = 10_000;

  private final TransformerShape shape;
  private final int batch;
  private final Trainer trainer;

  /** Those of a fresh network. */
  public TrainingSteps(TransformerShape shape, int batch, Placement placement) {
    this.shape = shape;
    this.batch = batch;
    var rng = new Rng(1);
    Parameters parameters;
    try (Parameters initial = Parameters.initial(shape, rng)) {
      parameters = initial.copyTo(placement.device()).multiplyIn(placement.precision());
    }
    this.trainer =
        new Trainer(
            shape,
            parameters,
            method(shape),
            new Trainer.Work(batch, 1),
            new Trainer.Feed(k -> random(shape, rng, k), rng));
  }

  private static Trainer.Method method(TransformerShape shape) {
    var noising =
        new Noising(
            new Flat(shape.length()),
            Noising.Times.CONTINUOUS,
            new CausalContext(),
            new Noise(new EpsilonHybrid(0.01), new Linear()),
            new Corruption(shape.tokens(), shape.tokens()));
    return new Trainer.Method(
        new Mixture(List.of(new Mixture.Part(noising, 1))),
        new EpsilonCrossEntropy(1, 100),
        new AdamW.Settings(0.1, 0.9, 0.95, 1),
        new LearningRate(3e-4, 0, 0, LONG_RUN),
        0.999);
  }

  private static Example random(TransformerShape shape, Rng rng, long k) {
    var draws = rng.stream(Rng.Purpose.ORDER, k, 0);
    int[] sequence = new int[shape.length()];
    Arrays.setAll(sequence, position -> draws.below(shape.tokens(), position));
    return Example.text(sequence);
  }

  /** Makes the next step, and gives its nats a token. */
  public double next() {
    return trainer.update().nats();
  }

  /** How many tokens of text a step sees. */
  public int tokens() {
    return batch * shape.length();
  }

  /**
   * How many operations the products of a step take, forwards and backwards: six for each weight
   * and token, and twelve for each channel, layer and pair of tokens. The embedding multiplies
   * nothing.
   */
  public double operations() {
    double weights = Parameters.count(shape) - (double) shape.vocabulary() * shape.channels();
    double pairs = 12.0 * shape.layers() * shape.channels() * shape.length();
    return tokens() * (6 * weights + pairs);
  }

  @Override
  public void close() {
    trainer.close();
  }
}
