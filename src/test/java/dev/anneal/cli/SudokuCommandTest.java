package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.attention.CausalContext;
import dev.anneal.data.DigitTokenizer;
import dev.anneal.model.GptShape;
import dev.anneal.model.Parameters;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Linear;
import dev.anneal.store.ElementType;
import dev.anneal.store.Model;
import dev.anneal.store.ModelConfig;
import dev.anneal.task.SudokuGrid;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal sudoku}, by a model that knows nothing. */
final class SudokuCommandTest {
  private static final String PUZZLE =
      "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79";

  @TempDir private static Path folder;
  private static Path model = Path.of("");

  @BeforeAll
  static void saveModel() throws IOException {
    model = folder.resolve("model");
    var shape = new GptShape(10, 1, 2, 16, 81);
    try (Parameters parameters = Parameters.initial(shape, new Rng(1))) {
      Model.save(
          model,
          new ModelConfig(
              shape, new CausalContext(), new Noise(new EpsilonHybrid(0.1), new Linear())),
          new DigitTokenizer(),
          new Model.Weights(parameters, ElementType.F32),
          "# test\n");
    }
  }

  private static Ran sudoku(Object... options) {
    var words = new ArrayList<Object>(List.of("sudoku", "--model", model));
    words.addAll(List.of(options));
    return Ran.command(words.toArray());
  }

  @Test
  void generatePrintsPuzzlesWithTheirOnlySolution() {
    Object[] command = {"sudoku", "generate", "--count", "3", "--givens", "30", "--seed", "5"};
    Ran ran = Ran.command(command).succeeds();
    assertThat(ran.out().lines()).hasSize(3);
    ran.out()
        .lines()
        .map(JsonMapper.shared()::readTree)
        .forEach(
            line -> {
              var puzzle = new SudokuGrid(line.path("puzzle").asString());
              assertThat(puzzle.givens()).isEqualTo(30);
              assertThat(line.path("solution").asString()).isEqualTo(puzzle.solved().cells());
            });
    assertThat(Ran.command(command).out()).isEqualTo(ran.out());
    assertThat(Ran.command("sudoku", "generate", "--count", "3", "--part", "training").out())
        .isNotEqualTo(Ran.command("sudoku", "generate", "--count", "3").out());
  }

  @Test
  void theReportSaysWhatWasMeasuredAndHow() {
    Object[] options = {
      "--count", "4", "--givens", "75", "--hyperschedule", "flat", "--eta", "0.5", "--json"
    };
    Ran ran = sudoku(options).succeeds();
    JsonNode report = ran.json();
    assertThat(report.path("solved").path("value").isNumber()).isTrue();
    assertThat(report.path("solved").path("count").asInt()).isEqualTo(4);
    assertThat(report.path("cells").path("value").asDouble()).isBetween(0.0, 1.0);
    assertThat(report.path("givens").asInt()).isEqualTo(75);
    assertThat(report.path("hyperschedule").asString()).startsWith("flat");
    assertThat(report.path("sampler").asString()).isEqualTo("adaptive-correction");
    assertThat(report.path("eta").asDouble()).isEqualTo(0.5);
    assertThat(report.path("model_digest").asString()).hasSize(64);
    assertThat(sudoku(options).out()).isEqualTo(ran.out());
  }

  @Test
  void puzzlesOfAFileAreFilled() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.txt"), PUZZLE + "\n");
    Ran ran = sudoku("--puzzles", file, "--hyperschedule", "quenched").succeeds();
    assertThat(ran.out().lines().toList())
        .first()
        .asString()
        .isEqualTo("solved: 0.0000 of 1 puzzle");
  }

  @Test
  void mistakesAreRefusedInOneLine() throws IOException {
    Path bytes = EvenModel.save(folder.resolve("bytes"), new CausalContext());
    Ran.command("sudoku", "--model", bytes)
        .isRefused("model bytes: expected one that fills 81 cells with digits");
    Path shorter = Files.writeString(folder.resolve("short.txt"), PUZZLE.substring(1));
    sudoku("--puzzles", shorter).isRefused("short.txt:1: a Sudoku of 80 cells: expected 81");
    Path none = Files.writeString(folder.resolve("none.txt"), "55" + PUZZLE.substring(2));
    sudoku("--puzzles", none).isRefused("none.txt:1: ", "has no solution: expected exactly one");
    Path several =
        Files.writeString(
            folder.resolve("several.txt"), "." + PUZZLE.substring(1, 60) + ".".repeat(21));
    sudoku("--puzzles", several).isRefused("several.txt:1: ", "more than one solution");
    sudoku("--puzzles", folder.resolve("missing")).isRefused("missing: no such file");
    sudoku("--puzzles", shorter, "--givens", "40").isRefused("--puzzles with --count or --givens");
    sudoku("--count", "0").isRefused("count 0: expected at least 1");
    sudoku("--givens", "10").isRefused("givens 10", "expected 24 … 80");
    Ran.command("sudoku", "generate", "--count", "0").isRefused("count 0: expected at least 1");
    Ran.command("sudoku", "generate", "--part", "seen").isRefused("--part");
  }
}
