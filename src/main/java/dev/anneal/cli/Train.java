package dev.anneal.cli;

import dev.anneal.model.Placement;
import dev.anneal.recipe.BaseRecipe;
import dev.anneal.recipe.Recipe;
import dev.anneal.recipe.RecipeReader;
import dev.anneal.tensor.Libtorch;
import dev.anneal.train.BaseModel;
import dev.anneal.train.Collective;
import dev.anneal.train.Ingredients;
import dev.anneal.train.RunFolder;
import dev.anneal.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code anneal train}: learns what a recipe says, or goes on with a run. */
@Command(
    name = "train",
    description = {
      "Train a model by a recipe.",
      "A run lives in a folder: recipe, metrics, loss curve, checkpoints and, at its end, the"
          + " model. Ctrl-C saves and ends; --resume goes on where it was.",
      "--from trains a model further: its weights are the first of a new run."
    })
final class Train implements Callable<Integer> {

  private final Map<String, String> environment;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "RECIPE",
      description = "The recipe, such as recipes/quickstart.yaml; not needed with --resume.")
  private @Nullable Path recipe;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "The run's folder; by default runs/NAME, NAME being the recipe's.")
  private @Nullable Path run;

  @Option(
      names = "--from",
      paramLabel = "MODEL",
      description =
          "Start from the weights of a model folder, or of starter, the bundled one. The recipe's"
              + " tokenizer and network must fit; its training.new_tensors names tensors that start"
              + " anew, such as output.modulation.*.")
  private @Nullable String from;

  @Option(names = "--resume", description = "Go on from the newest checkpoint of the run.")
  private boolean resume;

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Option(names = "--json", description = "Print one JSON object about the run at its end.")
  private boolean json;

  /** The command in an environment. */
  Train(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    if (resume && from != null) {
      throw new IllegalArgumentException(
          "--from %s with --resume: a run goes on from its own weights; expected one of the two"
              .formatted(from));
    }
    RunFolder folder = folder();
    Placement on = device.placement();
    var progress = new TrainProgress(Streams.of(spec), folder, json);
    Launch launch = Launch.join(environment);
    TrainingRun training = prepared(folder, on, progress, launch.processes());
    try (StopSignal stop = StopSignal.install()) {
      training.run();
    }
    launch.end();
    return 0;
  }

  /** The first process prepares what the others find, and tells of mistakes once. */
  private TrainingRun prepared(
      RunFolder folder, Placement on, TrainProgress progress, Collective processes)
      throws IOException {
    if (!processes.leads()) {
      processes.meet();
    }
    Recipe read = resume ? folder.readRecipe() : started();
    Ingredients ingredients =
        Ingredients.gather(read, Libtorch.cacheFolder().resolve("tokens"), progress::tokenizing);
    var training =
        new TrainingRun(ingredients, folder, on, progress, StopSignal::isAsked, processes);
    if (processes.leads()) {
      ingredients.work(processes);
      if (!resume) {
        BaseModel.requireFit(ingredients);
        folder.begin(read); // the first thing that is written, once all is known to fit
      }
      processes.meet();
    }
    return training;
  }

  /** The recipe with the model that the run starts from, if there is one. */
  private Recipe started() throws IOException {
    Recipe read = read();
    if (from != null) {
      Path model = ModelOptions.folder(from).toAbsolutePath().normalize();
      read = read.startedFrom(new BaseRecipe(model, Optional.empty()));
    }
    return BaseModel.identified(read);
  }

  private Recipe read() throws IOException {
    return RecipeReader.read(
        Optional.ofNullable(recipe)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no recipe: expected a file such as recipes/quickstart.yaml, or --resume")));
  }

  private RunFolder folder() throws IOException {
    if (run != null) {
      return new RunFolder(run);
    }
    return new RunFolder(Path.of("runs").resolve(read().name()));
  }
}
