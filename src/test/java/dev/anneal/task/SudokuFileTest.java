package dev.anneal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SudokuFileTest {
  private static final String PUZZLE =
      "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79";

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("puzzles.txt"), text);
  }

  @Test
  void linesAndObjectsArePuzzles() throws IOException {
    Path file = file("%s\n\n{\"puzzle\": \"%s\"}\n".formatted(PUZZLE, PUZZLE.replace('.', '0')));
    assertThat(SudokuFile.read(file))
        .hasSize(2)
        .allSatisfy(each -> assertThat(Sudoku.puzzle(each).cells()).isEqualTo(PUZZLE));
  }

  @Test
  void aFaultIsNamedWithItsLine() throws IOException {
    assertRefused(
        PUZZLE + "\n" + PUZZLE.substring(1), "puzzles.txt:2: a Sudoku of 80 cells: expected 81");
    assertRefused("8" + PUZZLE.substring(1), "puzzles.txt:1: Sudoku 83", "has no solution");
    assertRefused(".".repeat(81), "puzzles.txt:1: ", "more than one solution");
    assertRefused("{\"text\": 1}", "puzzles.txt:1: expected an object with a text \"puzzle\"");
    assertRefused("{", "puzzles.txt:1: not JSON");
    assertRefused(new SudokuGrid(PUZZLE).solved().cells(), "expected a blank cell");
    assertRefused("\n", "puzzles.txt: no puzzle in it");
    assertThatThrownBy(() -> SudokuFile.read(folder.resolve("none.txt")))
        .isInstanceOf(NoSuchFileException.class);
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3, 0x28});
    assertThatThrownBy(() -> SudokuFile.read(binary))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("binary: not text");
  }

  private void assertRefused(String text, String... words) throws IOException {
    Path file = file(text);
    assertThatThrownBy(() -> SudokuFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(words);
  }
}
