package dev.anneal.train;

import dev.anneal.attention.Aligned;
import dev.anneal.attention.Alignment;
import dev.anneal.attention.SettledContext;
import dev.anneal.attention.Shifted;
import dev.anneal.data.ChunkBorders;
import dev.anneal.data.Chunks;
import dev.anneal.data.Documents;
import dev.anneal.data.Progress;
import dev.anneal.data.ShuffledChunks;
import dev.anneal.data.TokenFile;
import dev.anneal.data.Tokenizer;
import dev.anneal.data.Tokenizers;
import dev.anneal.model.Architecture;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.Noise;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.objective.Noising;
import dev.anneal.objective.Objective;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.recipe.HyperscheduleRecipe;
import dev.anneal.recipe.ModelRecipe;
import dev.anneal.recipe.Recipe;
import dev.anneal.recipe.TrainingRecipe;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.HyperscheduleChoice;
import dev.anneal.schedule.NoiseSchedule;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.store.ModelConfig;
import dev.anneal.task.Example;
import dev.anneal.task.Task;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a recipe names, found, read and built.
 *
 * @param recipe as it was read
 * @param tokenizer of its text
 * @param config of its model
 * @param text where its sequences come from
 * @param method how it learns
 */
public record Ingredients(
    Recipe recipe, Tokenizer tokenizer, ModelConfig config, Text text, Trainer.Method method) {

  /**
   * The run's text.
   *
   * @param training sequences in the order of training
   * @param tokens how many there are; absent where a task makes new ones all the time
   * @param validation held-out sequences, if the recipe names any
   * @param digest tells the tokens of one training text from those of another
   */
  public record Text(
      Trainer.Sequences training,
      OptionalLong tokens,
      Optional<Validation> validation,
      String digest) {}

  /**
   * The sequences of an update.
   *
   * @throws IllegalArgumentException if the processes cannot share its micro-batches
   */
  public Trainer.Work work(Collective processes) {
    TrainingRecipe training = recipe.training();
    return new Trainer.Work(training.batch(), training.microBatches(), processes);
  }

  /**
   * Gathers them; text is tokenized where that has not been done before.
   *
   * @param tokens the folder that keeps tokenized text
   * @throws IllegalArgumentException if the recipe names something that does not exist or fit
   * @throws IOException if a file cannot be read or written
   */
  public static Ingredients gather(Recipe recipe, Path tokens, Progress progress)
      throws IOException {
    Tokenizer tokenizer = Tokenizers.named(recipe.data().tokenizer());
    ModelRecipe model = recipe.model();
    Architecture network =
        Family.of(Architecture.class, "Shape").create(model.sizedNetwork(tokenizer.size()));
    SettledContext context = Family.of(SettledContext.class, "Context").create(model.context());
    NoiseProcess process = Family.of(NoiseProcess.class).create(recipe.noise());
    NoiseSchedule schedule = Family.of(NoiseSchedule.class).create(recipe.noiseSchedule());
    Alignment alignment =
        switch (model.outputs()) {
          case ALIGNED -> new Aligned();
          case SHIFTED -> new Shifted(tokenizer.end());
        };
    var config = new ModelConfig(network, alignment, context, new Noise(process, schedule));
    Trainer.Method method = method(recipe, config);
    Optional<Choice> task = recipe.data().task();
    Text text =
        task.isPresent()
            ? text(Family.of(Task.class).create(task.get()), recipe, config, tokenizer)
            : text(recipe, config.longest(), tokenizer, tokens, progress);
    return new Ingredients(recipe, tokenizer, config, text, method);
  }

  private static Trainer.Method method(Recipe recipe, ModelConfig config) {
    TrainingRecipe training = recipe.training();
    Objective objective = Family.of(Objective.class).create(recipe.objective());
    var parts =
        recipe.hyperschedules().stream()
            .map(each -> part(each, recipe, config, objective))
            .toList();
    parts.forEach(part -> objective.requireFit(part.noising()));
    return new Trainer.Method(
        new Mixture(parts),
        objective,
        new AdamW.Settings(
            training.weightDecay(), training.beta1(), training.beta2(), training.clip()),
        new LearningRate(
            training.learningRate(),
            training.finalLearningRate(),
            training.warmUp(),
            training.steps()),
        training.ema());
  }

  private static Mixture.Part part(
      HyperscheduleRecipe each, Recipe recipe, ModelConfig config, Objective objective) {
    TrainingRecipe training = recipe.training();
    Hyperschedule hyperschedule = hyperschedule(each.choice(), config.longest());
    boolean anyTime = hyperschedule.levels() > 1 && !each.choice().sets("levels");
    var noising =
        new Noising(
            hyperschedule,
            objective.times(anyTime ? Noising.Times.CONTINUOUS : Noising.Times.GRID),
            config.alignment(),
            config.context(),
            config.noise(),
            new Corruption(config.shape().tokens(), config.shape().tokens()),
            training.infill(),
            switch (training.streams()) {
              case ONE -> Noising.Streams.ONE;
              case TWO -> Noising.Streams.TWO;
            });
    return new Mixture.Part(noising, each.weight());
  }

  /**
   * The hyperschedule that a recipe chooses, for texts of a length.
   *
   * @throws IllegalArgumentException if it is unknown, or a setting does not fit
   */
  public static Hyperschedule hyperschedule(Choice choice, int length) {
    for (String key : choice.settings().keySet()) {
      if (!List.of("width", "levels", "rate").contains(key)) {
        throw new IllegalArgumentException(
            "hyperschedule %s sets %s: expected width, levels or rate"
                .formatted(choice.name(), key));
      }
    }
    return new HyperscheduleChoice(
            choice.name(),
            whole(choice, "width"),
            choice.settings().get("rate") instanceof Number rate
                ? OptionalDouble.of(rate.doubleValue())
                : OptionalDouble.empty(),
            whole(choice, "levels"))
        .forLength(length);
  }

  private static OptionalInt whole(Choice choice, String key) {
    Object value = choice.settings().get(key);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (value instanceof Long number) {
      return OptionalInt.of(Math.toIntExact(number));
    }
    throw new IllegalArgumentException(
        "%s %s of %s: expected a whole number".formatted(key, value, choice.name()));
  }

  private static Text text(Task task, Recipe recipe, ModelConfig config, Tokenizer tokenizer) {
    String name = recipe.data().task().orElseThrow().name();
    if (!tokenizer.digest().equals(task.tokenizer().digest())) {
      throw new IllegalArgumentException(
          "data.tokenizer is %s; expected digits, that of %s"
              .formatted(recipe.data().tokenizer(), name));
    }
    var rng = new Rng(recipe.training().seed());
    Trainer.Sequences training = k -> task.example(Task.Part.TRAINING, k, rng);
    BitSet known = training.sequence(0).known();
    config.alignment().requireFit(SettlingOrder.infill(known, task.length()));
    if (config.longest() != task.length()) {
      throw new IllegalArgumentException(
          "model.length makes texts of up to %d tokens; expected %d, as %s has"
              .formatted(config.longest(), task.length(), name));
    }
    return new Text(
        training, OptionalLong.empty(), Optional.empty(), task + "/" + tokenizer.digest());
  }

  private static Text text(
      Recipe recipe, int length, Tokenizer tokenizer, Path tokens, Progress progress)
      throws IOException {
    TokenFile training =
        TokenFile.prepare(tokens, documents(recipe, recipe.data().train()), tokenizer, progress);
    Optional<Validation> validation = Optional.empty();
    if (!recipe.data().valid().isEmpty()) {
      TokenFile held =
          TokenFile.prepare(tokens, documents(recipe, recipe.data().valid()), tokenizer, progress);
      validation =
          Optional.of(
              new Validation(new Chunks(held, length), recipe.training().sequencesEvaluated()));
    }
    var shuffled =
        new ShuffledChunks(
            new Chunks(training, length), ChunkBorders.MOVING, new Rng(recipe.training().seed()));
    return new Text(
        k -> Example.text(shuffled.sequence(k)),
        OptionalLong.of(training.tokens()),
        validation,
        training.sourceDigest() + "/" + training.tokenizerDigest());
  }

  private static Documents documents(Recipe recipe, List<Path> files) {
    return new Documents(files, recipe.data().split(), recipe.data().field());
  }
}
