package dev.anneal.cli;

import dev.anneal.data.Digest;
import dev.anneal.evaluate.SolvedShare;
import dev.anneal.evaluate.Solving;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Sampler;
import dev.anneal.sample.TokenChoice;
import dev.anneal.store.Model;
import dev.anneal.task.Example;
import dev.anneal.task.Sudoku;
import dev.anneal.task.SudokuFile;
import dev.anneal.task.Task;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal sudoku}: how many puzzles a model solves. */
@Command(
    name = "sudoku",
    subcommands = SudokuGenerate.class,
    description = {
      "Have a model fill Sudokus, and count the ones it solves: all 81 cells by the rules.",
      "Puzzles are unseen in training (see sudoku generate), or those of a file. An answer depends"
          + " on the puzzle, its number and the seed, not on the puzzles beside it."
    })
final class SolveSudoku implements Callable<Integer> {

  /** Easy: most blank cells follow from their row, column and box alone. */
  static final String GIVENS = "45";

  private static final int COUNT = 1000;

  /** How many puzzles are filled together; which ones does not change them. */
  private static final int BATCH = 50;

  private static final Family<Sampler> SAMPLERS = Family.of(Sampler.class);

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Option(names = "--count", paramLabel = "N", description = "Puzzles (default: " + COUNT + ").")
  private @Nullable Integer count;

  @Option(
      names = "--givens",
      paramLabel = "N",
      description = "Cells that are given in each, 24 … 80 (default: " + GIVENS + ").")
  private @Nullable Integer givens;

  @Option(
      names = "--puzzles",
      paramLabel = "FILE",
      description =
          "Puzzles of your own instead: one a line, 81 digits with points for blank cells, or a"
              + " JSON object with a puzzle.")
  private @Nullable Path file;

  @Mixin private final HyperscheduleOptions hyperschedule = new HyperscheduleOptions();

  @Mixin private final SamplerOptions sampler = new SamplerOptions();

  @Option(
      names = "--temperature",
      paramLabel = "X",
      defaultValue = "1",
      description = "Below 1 prefers likely digits, 0 takes the likeliest (default: 1).")
  private double temperature;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the puzzles and of the answers (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Streams streams = Streams.of(spec);
    try (Model loaded = model.load()) {
      requireSudoku(loaded);
      var task = new Sudoku(givens == null ? Integer.parseInt(GIVENS) : givens);
      List<Example> examples = file == null ? made(task) : read(file);
      var solving =
          new Solving(loaded.network(), unknown -> decoding(loaded, unknown), new Rng(seed), BATCH);
      var progress = new CountProgress(streams, examples.size(), "puzzles filled");
      SolvedShare share = SolvedShare.of(task, examples, solving.answers(examples, progress));
      if (json) {
        var report = report(share, decoding(loaded, examples.getFirst().unknown()));
        streams.out().println(new JsonMapper().writeValueAsString(report));
      } else {
        lines(share).forEach(streams.out()::println);
      }
    }
    streams.out().flush();
    return 0;
  }

  private void requireSudoku(Model loaded) {
    Task task = new Sudoku(Integer.parseInt(GIVENS));
    if (!loaded.tokenizer().digest().equals(task.tokenizer().digest())
        || loaded.config().longest() < task.length()) {
      throw new IllegalArgumentException(
          "model %s: expected one that fills %d cells with digits, such as recipes/sudoku-flat.yaml makes"
              .formatted(model.name(), task.length()));
    }
  }

  private List<Example> made(Task task) {
    int wanted = count == null ? COUNT : count;
    if (wanted < 1) {
      throw new IllegalArgumentException("count %d: expected at least 1".formatted(wanted));
    }
    return LongStream.range(0, wanted)
        .mapToObj(number -> task.example(Task.Part.UNSEEN, number, new Rng(seed)))
        .toList();
  }

  private List<Example> read(Path puzzles) throws IOException {
    if (count != null || givens != null) {
      throw new IllegalArgumentException(
          "--puzzles with --count or --givens: a file has what it has; expected one of them");
    }
    return SudokuFile.read(puzzles);
  }

  private Decoding decoding(Model loaded, int unknown) {
    return new Decoding(
        hyperschedule.forLength(unknown),
        loaded.config().alignment(),
        loaded.config().context(),
        loaded.config().noise(),
        sampler.sampler(loaded.config().noise()),
        new TokenChoice(temperature, 1));
  }

  private static List<String> lines(SolvedShare share) {
    long puzzles = share.solved().count();
    return List.of(
        String.format(
            Locale.ROOT,
            "solved: %s of %,d %s",
            share.solved().described(),
            puzzles,
            puzzles == 1 ? "puzzle" : "puzzles"),
        "cells right: " + share.tokens().described());
  }

  private Map<String, Object> report(SolvedShare share, Decoding decoding) throws IOException {
    var report = new LinkedHashMap<String, Object>();
    report.put("solved", share.solved().entry());
    report.put("cells", share.tokens().entry());
    if (file == null) {
      report.put("givens", givens == null ? Integer.parseInt(GIVENS) : givens);
    } else {
      report.put("puzzles_digest", Digest.of(file));
    }
    report.put("hyperschedule", decoding.hyperschedule().described());
    Choice chosen = SAMPLERS.describe(decoding.sampler());
    report.put("sampler", chosen.name());
    report.putAll(chosen.settings());
    report.put("temperature", temperature);
    report.put("seed", seed);
    report.put("model_digest", model.digest());
    return report;
  }
}
