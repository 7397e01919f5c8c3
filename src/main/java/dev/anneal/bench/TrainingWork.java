package dev.anneal.bench;

import dev.anneal.attention.CausalContext;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.objective.EpsilonCrossEntropy;
import dev.anneal.objective.Noising;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.task.Example;
import dev.anneal.tensor.Rng;
import dev.anneal.train.AdamW;
import java.util.Arrays;

/**
 * What is learned when training is timed: an ε-hybrid, from random tokens. It is the same, draw for
 * draw, in whichever {@link TrainingWay}.
 *
 * @param shape of the network; its length is the texts'
 * @param hyperschedule of the windows
 * @param batch texts of a step, at least 1
 * @param rate the learning rate
 */
public record TrainingWork(
    TransformerShape shape, Hyperschedule hyperschedule, int batch, double rate) {

  static final EpsilonCrossEntropy OBJECTIVE = new EpsilonCrossEntropy(1, 100);
  static final AdamW.Settings OPTIMIZER = new AdamW.Settings(0.1, 0.9, 0.95, 1);
  static final Rng RNG = new Rng(1);

  /** Checks the batch. */
  public TrainingWork {
    if (batch < 1) {
      throw new IllegalArgumentException("batch %d: expected at least 1".formatted(batch));
    }
  }

  /** How many tokens of text a step sees. */
  public int tokens() {
    return batch * shape.length();
  }

  Noising noising() {
    int mask = shape.tokens();
    return new Noising(
        hyperschedule,
        Noising.Times.CONTINUOUS,
        new CausalContext(),
        new Noise(new EpsilonHybrid(0.01), new Linear()),
        new Corruption(shape.tokens(), mask));
  }

  /** The k-th text. */
  Example sequence(long k) {
    Rng.Stream draws = RNG.stream(Rng.Purpose.ORDER, k, 0);
    int[] sequence = new int[shape.length()];
    Arrays.setAll(sequence, position -> draws.below(shape.tokens(), position));
    return Example.text(sequence);
  }
}
