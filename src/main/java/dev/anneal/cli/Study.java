package dev.anneal.cli;

import dev.anneal.data.Progress;
import dev.anneal.recipe.StudyReader;
import dev.anneal.recipe.StudyRecipe;
import dev.anneal.study.StudyFolder;
import dev.anneal.study.Trainings;
import dev.anneal.tensor.Libtorch;
import dev.anneal.train.RunFolder;
import dev.anneal.train.TrainEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code anneal study}: trains several models one after another. */
@Command(
    name = "study",
    description = {
      "Train several models one after another, each by what all share and what is its own.",
      "Ctrl-C saves and ends; the same command goes on where it was, and keeps what is finished."
    })
final class Study implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "STUDY", description = "The study, such as recipes/results-small.yaml.")
  private Path study = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The study's folder; by default runs/NAME, NAME being the study's.")
  private @Nullable Path out;

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description = "cpu, cuda or cuda:N (default: ${DEFAULT-VALUE}).")
  private String device = "cpu";

  @Override
  public Integer call() throws IOException {
    StudyRecipe read = StudyReader.read(study);
    var folder = new StudyFolder(out == null ? Path.of("runs").resolve(read.name()) : out);
    var place =
        new Trainings.Place(ModelOptions.device(device), Libtorch.cacheFolder().resolve("tokens"));
    try (StopSignal stop = StopSignal.install()) {
      new Trainings(read, folder, place).run(new Shown(Streams.of(spec)), stop);
    }
    return 0;
  }

  /** Trainings as a person sees them. */
  private record Shown(Streams streams) implements Trainings.Watcher {

    @Override
    public Consumer<TrainEvent> begins(RunFolder run, int number, int all) {
      streams.err().printf("--- model %d of %d: %s%n", number, all, run.path().getFileName());
      return new TrainProgress(streams, run);
    }

    @Override
    public Progress tokenizing() {
      return new TrainProgress(streams, new RunFolder(Path.of("")))::tokenizing;
    }
  }
}
