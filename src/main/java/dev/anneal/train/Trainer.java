package dev.anneal.train;

import dev.anneal.model.Architecture;
import dev.anneal.model.Network;
import dev.anneal.model.Parameters;
import dev.anneal.objective.NoisedBatch;
import dev.anneal.objective.Noising;
import dev.anneal.objective.Objective;
import dev.anneal.objective.Portions;
import dev.anneal.task.Example;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The mathematics of a training run: one step after another, each a pure function of the state and
 * the step's number. Everything that is read or written around it is {@link TrainingRun}'s.
 */
public final class Trainer implements AutoCloseable {

  /**
   * What a run learns and how, apart from its data.
   *
   * @param mixture the hyperschedules
   * @param objective what gets smaller
   * @param optimizer settings of the optimizer
   * @param learningRate by step
   * @param emaDecay of the averaged weights
   */
  public record Method(
      Mixture mixture,
      Objective objective,
      AdamW.Settings optimizer,
      LearningRate learningRate,
      double emaDecay) {}

  /**
   * The sequences of an update, and who computes them.
   *
   * @param sequences how many
   * @param microBatches equal parts they are computed in
   * @param processes each computes as many of the parts
   */
  public record Work(int sequences, int microBatches, Collective processes) {
    /** Refuses parts that the processes cannot share. */
    public Work {
      if (microBatches % processes.size() != 0) {
        throw new IllegalArgumentException(
            "training.micro_batches %d: expected a multiple of the %d processes"
                .formatted(microBatches, processes.size()));
      }
    }

    /** The work of a process on its own. */
    public Work(int sequences, int microBatches) {
      this(sequences, microBatches, Collective.alone());
    }

    int each() {
      return sequences / microBatches;
    }

    /** The parts of this process. */
    private IntStream own() {
      int share = microBatches / processes.size();
      return IntStream.range(processes.rank() * share, (processes.rank() + 1) * share);
    }
  }

  /** Gives the k-th training sequence, and what is known of it: all are of one length. */
  @FunctionalInterface
  public interface Sequences {
    Example sequence(long k);
  }

  /**
   * What one update did.
   *
   * @param step its number, from 1
   * @param nats the objective's mean per token
   * @param gradientNorm before it was cut
   * @param rate the learning rate
   * @param tokens of text seen in this update
   */
  public record Update(long step, double nats, double gradientNorm, double rate, long tokens) {}

  private final Method method;
  private final Work work;
  private final Sequences data;
  private final Rng rng;
  private final Parameters parameters;
  private final Network network;
  private final Network averaged;
  private final AdamW optimizer;
  private final Ema ema;
  private final Portions portions;
  private long done;

  /** A run that has not begun; takes the parameters over. */
  public Trainer(
      Architecture architecture, Parameters parameters, Method method, Work work, Feed feed) {
    this.method = method;
    this.work = work;
    this.data = feed.data;
    this.rng = feed.rng;
    this.parameters = parameters.requireGradient();
    this.portions = Portions.usual(parameters.get("embedding").device());
    this.network = architecture.network(parameters);
    this.optimizer = new AdamW(method.optimizer, parameters);
    this.ema = new Ema(method.emaDecay, parameters);
    this.averaged = architecture.network(ema.average());
    clearGradients();
  }

  /** Where sequences and chance come from. */
  public record Feed(Sequences data, Rng rng) {}

  /** A first backward pass of zeros, so that every parameter has a gradient from the start. */
  private void clearGradients() {
    try (Scope scope = Scope.open()) {
      parameters.all().values().forEach(tensor -> tensor.multiply(0).sum().backward());
    }
  }

  /** How many updates are done. */
  public long done() {
    return done;
  }

  /** The averaged weights. */
  public Parameters average() {
    return ema.average();
  }

  /** The network with averaged weights, for evaluation and samples. */
  public Network averaged() {
    return averaged;
  }

  /** Everything the run has learned and remembers, by name: what a checkpoint holds. */
  public Map<String, Tensor> state() {
    var state = new LinkedHashMap<String, Tensor>();
    parameters.all().forEach((name, tensor) -> state.put("weight." + name, tensor));
    ema.average().all().forEach((name, tensor) -> state.put("average." + name, tensor));
    state.putAll(optimizer.state());
    return state;
  }

  /**
   * Goes on from a checkpoint.
   *
   * @param done updates made before it
   * @param saved the tensors of {@link #state}, by the same names
   */
  public void restore(long done, Map<String, Tensor> saved) {
    try (Scope scope = Scope.withoutGradient()) {
      state()
          .forEach(
              (name, tensor) -> {
                Tensor source = saved.get(name);
                if (source == null) {
                  throw new IllegalArgumentException("the checkpoint lacks " + name);
                }
                tensor.copy_(source);
              });
    }
    this.done = done;
  }

  /**
   * Makes one update.
   *
   * @throws LostProcessException if other processes are gone: then none was made
   */
  public Update update() {
    double nats = 0;
    long tokens = 0;
    for (int micro : work.own().toArray()) {
      try (Scope scope = Scope.open()) {
        NoisedBatch batch = batch(micro);
        tokens += batch.tokens();
        double factor = 1.0 / (batch.tokens() * work.microBatches);
        nats += factor * portions.learn(method.objective, batch, network, factor);
      }
    }
    double[] all = work.processes.sum(nats, (double) tokens);
    double rate = method.learningRate.after(done);
    double norm = Double.isFinite(all[0]) ? move(rate) : Double.NaN;
    long step = done + 1;
    if (Double.isFinite(norm)) {
      done++;
      ema.update(done);
    }
    return new Update(step, all[0], norm, rate, (long) all[1]);
  }

  private double move(double rate) {
    try (Scope scope = Scope.withoutGradient()) {
      work.processes.sum(parameters.all().values().stream().map(Tensor::gradient).toList());
      return optimizer.update(done, rate);
    }
  }

  private NoisedBatch batch(int micro) {
    Noising noising = method.mixture.pick(rng, done, micro, work.microBatches);
    int first = micro * work.each();
    List<Example> sequences =
        IntStream.range(0, work.each())
            .mapToObj(i -> data.sequence(done * work.sequences + first + i))
            .toList();
    return noising.draw(sequences, new Noising.Draws(rng, done, first, work.sequences));
  }

  @Override
  public void close() {
    network.close();
    averaged.close();
    optimizer.close();
    ema.close();
    parameters.close();
  }
}
