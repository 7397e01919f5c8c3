package dev.anneal.task;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Puzzles in a file: one a line, as 81 characters or as a JSON object with a {@code puzzle}. */
public final class SudokuFile {
  private static final String PUZZLE = "puzzle";

  private SudokuFile() {}

  /**
   * Reads puzzles; blank lines are left out.
   *
   * @return at least one
   * @throws IOException if the file cannot be read, has no puzzle, or a line is none: of another
   *     length, without blank cells, or without exactly one solution
   */
  public static List<Example> read(Path file) throws IOException {
    var examples = new ArrayList<Example>();
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty()) {
        try {
          examples.add(example(line));
        } catch (IllegalArgumentException e) {
          throw new IOException("%s:%d: %s".formatted(file, i + 1, e.getMessage()), e);
        }
      }
    }
    if (examples.isEmpty()) {
      throw new IOException(file + ": no puzzle in it: expected one a line");
    }
    return examples;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not text: expected a puzzle a line", e);
    }
  }

  private static Example example(String line) {
    Example example = Sudoku.example(new SudokuGrid(line.startsWith("{") ? puzzle(line) : line));
    if (example.unknown() == 0) {
      throw new IllegalArgumentException("Sudoku %s: expected a blank cell".formatted(line));
    }
    return example;
  }

  private static String puzzle(String line) {
    try {
      return JsonMapper.shared()
          .readTree(line)
          .path(PUZZLE)
          .stringValueOpt()
          .orElseThrow(
              () -> new IllegalArgumentException("expected an object with a text \"puzzle\""));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
