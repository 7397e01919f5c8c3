package dev.anneal.cli;

import dev.anneal.task.Example;
import dev.anneal.task.Sudoku;
import dev.anneal.task.SudokuGrid;
import dev.anneal.task.Task;
import dev.anneal.tensor.Rng;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal sudoku generate}: prints puzzles, each with its one solution. */
@Command(
    name = "generate",
    description = {
      "Print puzzles, each with its only solution: a JSON object a line.",
      "The n-th puzzle follows from seed, part and givens. One full grid in eight is unseen in"
          + " training, with all that differ from it only by renamed digits or exchanged lines."
    })
final class SudokuGenerate implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--givens",
      paramLabel = "N",
      defaultValue = SolveSudoku.GIVENS,
      description = "Cells that are given, 24 … 80 (default: ${DEFAULT-VALUE}).")
  private int givens;

  @Option(
      names = "--part",
      paramLabel = "NAME",
      defaultValue = "unseen",
      description = "unseen or training (default: ${DEFAULT-VALUE}).")
  private Task.Part part = Task.Part.UNSEEN;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Another seed, other puzzles (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() {
    if (count < 1) {
      throw new IllegalArgumentException("count %d: expected at least 1".formatted(count));
    }
    var task = new Sudoku(givens);
    var json = new JsonMapper();
    Streams streams = Streams.of(spec);
    for (int number = 0; number < count; number++) {
      Example example = task.example(part, number, new Rng(seed));
      SudokuGrid puzzle = Sudoku.puzzle(example);
      var line = new LinkedHashMap<String, Object>();
      line.put("puzzle", puzzle.cells());
      line.put("solution", puzzle.solved().cells());
      streams.out().println(json.writeValueAsString(line));
    }
    streams.out().flush();
    return 0;
  }
}
