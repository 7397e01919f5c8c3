package dev.anneal.cli;

import dev.anneal.data.Progress;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.recipe.StudyReader;
import dev.anneal.recipe.StudyRecipe;
import dev.anneal.study.Comparison;
import dev.anneal.study.Evidence;
import dev.anneal.study.Laboratory;
import dev.anneal.study.Measurements;
import dev.anneal.study.ReportPage;
import dev.anneal.study.StudyFolder;
import dev.anneal.study.Trainings;
import dev.anneal.tensor.Libtorch;
import dev.anneal.train.RunFolder;
import dev.anneal.train.TrainEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal study}: trains, measures and compares several models. */
@Command(
    name = "study",
    description = {
      "Train several models one after another, each by what all share and what is its own; measure"
          + " texts under them, and the texts they write; put all on a page.",
      "Ctrl-C saves and ends; the same command goes on where it was, and keeps what is finished."
    })
final class Study implements Callable<Integer> {

  /** The figures that the progress tells. */
  private static final Set<String> HEADLINES = Set.of("nats_per_token", "judge_perplexity");

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "STUDY", description = "The study, such as recipes/results-small.yaml.")
  private Path study = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The study's folder; by default runs/NAME, NAME being the study's.")
  private @Nullable Path out;

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Option(names = "--json", description = "Print one JSON object instead of tables.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    StudyRecipe read = StudyReader.read(study);
    var folder = new StudyFolder(out == null ? Path.of("runs").resolve(read.name()) : out);
    var laboratory =
        new Laboratory(
            device.placement(), Libtorch.cacheFolder().resolve("tokens"), Version.number());
    Streams streams = Streams.of(spec);
    var trainings = new Trainings(read, folder, laboratory);
    var measurements = new Measurements(read, folder, laboratory);
    Measurements.Watcher watcher = (at, report) -> print(streams, at, report);
    try (StopSignal stop = StopSignal.install()) {
      boolean done = trainings.run(new Shown(streams), stop) && measurements.run(watcher, stop);
      Evidence evidence = measurements.evidence();
      folder.write(read.name(), evidence);
      if (json) {
        streams.out().println(new JsonMapper().writeValueAsString(new Comparison(evidence).json()));
      } else {
        streams.out().print(ReportPage.markdown(evidence));
      }
      streams.out().flush();
      streams
          .err()
          .println(
              (done ? "the page is " : "stopped; the same command goes on; so far: ")
                  + folder.page());
    }
    return 0;
  }

  private static void print(Streams streams, Measurements.Place at, EvaluationReport report) {
    streams
        .err()
        .printf(
            Locale.ROOT,
            "measurement %d of %d: %s: %s, %.1f s%n",
            at.number(),
            at.all(),
            at.described(),
            headline(report),
            report.timing().seconds());
    streams.err().flush();
  }

  private static String headline(EvaluationReport report) {
    return report.figures().entrySet().stream()
        .filter(figure -> HEADLINES.contains(figure.getKey()))
        .findFirst()
        .map(figure -> figure.getKey().replace('_', ' ') + " " + figure.getValue().described())
        .orElse("nothing");
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
