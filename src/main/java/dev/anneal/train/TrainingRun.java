package dev.anneal.train;

import dev.anneal.model.Parameters;
import dev.anneal.model.Placement;
import dev.anneal.recipe.Recipe;
import dev.anneal.recipe.SamplesRecipe;
import dev.anneal.recipe.TrainingRecipe;
import dev.anneal.store.ElementType;
import dev.anneal.store.Model;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Rng;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A training run from its first step, or from its newest checkpoint, to its last: updates,
 * evaluates, saves, samples, and tells what happens.
 *
 * <p>Stopped and resumed it continues bit for bit: a step is a function of the state and its
 * number, and the state is what a checkpoint holds.
 */
public final class TrainingRun {
  private final Ingredients ingredients;
  private final RunFolder folder;
  private final Placement placement;
  private final Consumer<TrainEvent> listener;
  private final BooleanSupplier stopped;
  private final Collective processes;
  private final Optional<Sampling> sampling;

  /**
   * A run that has its folder.
   *
   * @param stopped asked after every step; true saves and ends the run
   * @param processes those that train together; the first writes and tells the listener
   */
  public TrainingRun(
      Ingredients ingredients,
      RunFolder folder,
      Placement placement,
      Consumer<TrainEvent> listener,
      BooleanSupplier stopped,
      Collective processes) {
    this.ingredients = ingredients;
    this.folder = folder;
    this.placement = placement;
    this.listener = listener;
    this.stopped = stopped;
    this.processes = processes;
    this.sampling =
        ingredients.recipe().samples().map(samples -> new Sampling(ingredients, samples));
  }

  /**
   * Runs to the end, or until it is stopped.
   *
   * @throws DivergedException if a loss or a gradient is not finite; the state before the step is
   *     saved
   * @throws LostProcessException if other processes are gone; the state before the step is saved
   * @throws IOException if something cannot be read or written
   */
  public void run() throws IOException {
    try (Closeable lock = processes.leads() ? folder.lock() : () -> {};
        Trainer trainer = trainer()) {
      folder.restore(trainer, ingredients.text().digest(), placement.device());
      if (processes.leads()) {
        folder.forgetAfter(trainer.done());
      }
      try {
        train(trainer);
      } catch (LostProcessException e) {
        throw processes.leads() ? e.saved(folder.save(trainer, ingredients.text().digest())) : e;
      }
    }
  }

  private void train(Trainer trainer) throws IOException {
    int steps = ingredients.recipe().training().steps();
    var speed = new Speedometer(steps, trainer.done());
    tell(
        new TrainEvent.Started(
            trainer.done(),
            steps,
            Parameters.count(ingredients.config().shape()),
            ingredients.text().tokens()));
    while (trainer.done() < steps && !isStopped()) {
      update(trainer, speed);
      if (processes.leads()) {
        lookBack(trainer);
      }
    }
    if (processes.leads()) {
      end(trainer);
    }
  }

  /** All processes stop after the same step. */
  private boolean isStopped() {
    return processes.sum(stopped.getAsBoolean() ? 1 : 0)[0] > 0;
  }

  private void tell(TrainEvent event) {
    if (processes.leads()) {
      listener.accept(event);
    }
  }

  private void lookBack(Trainer trainer) throws IOException {
    Recipe recipe = ingredients.recipe();
    if (due(trainer, recipe.training().evaluateEvery())) {
      evaluate(trainer);
    }
    if (due(trainer, recipe.samples().map(SamplesRecipe::every).orElse(Integer.MAX_VALUE))) {
      sample(trainer);
    }
    if (due(trainer, recipe.training().saveEvery())) {
      save(trainer);
    }
  }

  private Trainer trainer() throws IOException {
    TrainingRecipe training = ingredients.recipe().training();
    var rng = new Rng(training.seed());
    var shape = ingredients.config().shape();
    // A checkpoint replaces all weights: then the model that the run started from may be gone.
    Optional<BaseModel> base =
        folder.hasCheckpoint() ? Optional.empty() : BaseModel.of(ingredients);
    Parameters initial =
        base.isPresent() ? base.get().weights(rng) : Parameters.initial(shape, rng);
    Parameters onDevice = initial;
    if (!placement.device().equals(Device.CPU)) {
      onDevice = initial.copyTo(placement.device());
      initial.close();
    }
    return new Trainer(
        shape,
        onDevice.multiplyIn(placement.precision()),
        ingredients.method(),
        ingredients.work(processes),
        new Trainer.Feed(ingredients.text().training(), rng));
  }

  private boolean due(Trainer trainer, int every) {
    return trainer.done() % every == 0 || trainer.done() == ingredients.recipe().training().steps();
  }

  private void update(Trainer trainer, Speedometer speed) throws IOException {
    Trainer.Update update = trainer.update();
    if (!Double.isFinite(update.nats()) || !Double.isFinite(update.gradientNorm())) {
      Path saved =
          processes.leads() ? folder.save(trainer, ingredients.text().digest()) : folder.path();
      throw new DivergedException(update, saved);
    }
    speed.passed(update);
    if (processes.leads() && due(trainer, ingredients.recipe().training().logEvery())) {
      log(update, speed);
    }
    tell(new TrainEvent.Updated(update, speed.nats(), speed.tokensPerSecond(), speed.left()));
  }

  private void log(Trainer.Update update, Speedometer speed) throws IOException {
    var line = new LinkedHashMap<String, Object>();
    line.put("step", update.step());
    line.put("nats", speed.nats());
    line.put("gradient_norm", update.gradientNorm());
    line.put("learning_rate", update.rate());
    line.put("tokens_per_second", Math.round(speed.tokensPerSecond()));
    folder.log(line);
  }

  private void evaluate(Trainer trainer) throws IOException {
    Optional<Validation> validation = ingredients.text().validation();
    if (validation.isPresent()) {
      var nats = new LinkedHashMap<String, Double>();
      var errors = new LinkedHashMap<String, Double>();
      validation
          .get()
          .measure(trainer.averaged(), ingredients.method().mixture())
          .forEach(
              (name, estimate) -> {
                nats.put(name, estimate.nats());
                if (Double.isFinite(estimate.standardError())) {
                  errors.put(name, estimate.standardError());
                }
              });
      var line = new LinkedHashMap<String, Object>();
      line.put("step", trainer.done());
      line.put("valid_nats", nats);
      line.put("valid_errors", errors);
      folder.log(line);
      listener.accept(new TrainEvent.Evaluated(trainer.done(), nats));
    }
  }

  private void sample(Trainer trainer) {
    if (sampling.isPresent()) {
      listener.accept(
          new TrainEvent.Sampled(trainer.done(), sampling.get().texts(trainer.averaged())));
    }
  }

  private void save(Trainer trainer) throws IOException {
    Path saved = folder.save(trainer, ingredients.text().digest());
    folder.drawCurve();
    listener.accept(new TrainEvent.Saved(trainer.done(), saved));
  }

  private void end(Trainer trainer) throws IOException {
    boolean finished = trainer.done() == ingredients.recipe().training().steps();
    if (!finished) {
      save(trainer); // else the last step did
    } else {
      Model.save(
          folder.model(),
          ingredients.config(),
          ingredients.tokenizer(),
          new Model.Weights(trainer.average(), stored()),
          ModelCard.of(ingredients, folder.metrics()));
    }
    listener.accept(
        new TrainEvent.Ended(
            trainer.done(), finished ? Optional.of(folder.model()) : Optional.empty()));
  }

  private ElementType stored() {
    return switch (ingredients.recipe().model().stored()) {
      case FLOAT32 -> ElementType.F32;
      case FLOAT16 -> ElementType.F16;
      case BFLOAT16 -> ElementType.BF16;
    };
  }

  /** Speed and loss over the last updates. */
  private static final class Speedometer {
    private static final double REMEMBERED = 0.95;

    private final long steps;
    private long done;
    private long last = System.nanoTime();
    private double secondsPerStep = Double.NaN;
    private double tokensPerStep = Double.NaN;
    private double nats = Double.NaN;

    Speedometer(long steps, long done) {
      this.steps = steps;
      this.done = done;
    }

    void passed(Trainer.Update update) {
      long now = System.nanoTime();
      secondsPerStep = smooth(secondsPerStep, (now - last) / 1e9);
      tokensPerStep = smooth(tokensPerStep, (double) update.tokens());
      nats = smooth(nats, update.nats());
      last = now;
      done = update.step();
    }

    private static double smooth(double before, double next) {
      return Double.isNaN(before) ? next : REMEMBERED * before + (1 - REMEMBERED) * next;
    }

    double nats() {
      return nats;
    }

    double tokensPerSecond() {
      return tokensPerStep / secondsPerStep;
    }

    Duration left() {
      return Duration.ofMillis((long) ((steps - done) * secondsPerStep * 1000));
    }
  }
}
