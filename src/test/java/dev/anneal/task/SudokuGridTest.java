package dev.anneal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.tensor.Rng;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SudokuGridTest {

  @ParameterizedTest
  @CsvSource({
    // Wikipedia's example, Arto Inkala's "AI Escargot", and one of the puzzles with 17 givens.
    "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79,"
        + "534678912672195348198342567859761423426853791713924856961537284287419635345286179",
    "1....7.9..3..2...8..96..5....53..9...1..8...26....4...3......1..4......7..7...3..,"
        + "162857493534129678789643521475312986913586742628794135356478219241935867897261354",
    "000000010400000000020000000000050407008000300001090000300400200050100000000806000,"
        + "693784512487512936125963874932651487568247391741398625319475268856129743274836159",
  })
  void aKnownPuzzleHasItsKnownSolution(String puzzle, String solution) {
    assertThat(new SudokuGrid(puzzle).solved()).isEqualTo(new SudokuGrid(solution));
  }

  @Test
  void solutionsAreAsManyAsBruteForceFinds() {
    var seen = new int[4];
    for (int i = 0; i < 150; i++) {
      SudokuGrid grid = worn(i);
      int expected = BruteForce.solutions(grid, 3);
      assertThat(solutions(grid)).as(grid.cells()).isEqualTo(expected);
      seen[expected]++;
    }
    assertThat(seen).as("grids of every number of solutions").doesNotContain(0);
  }

  /** A full grid with blank cells, and now and then a wrong digit. */
  private static SudokuGrid worn(int number) {
    Rng.Stream chance = new Rng(5).stream(Rng.Purpose.KNOWN, number, 0);
    SudokuGrid full = SudokuBoard.random(new Rng(6).stream(Rng.Purpose.EXAMPLE, number, 0));
    double blank = 0.3 + 0.3 * chance.uniform(100);
    int[] digits =
        IntStream.range(0, 81)
            .map(cell -> chance.uniform(cell) < blank ? 0 : full.digit(cell))
            .toArray();
    if (chance.uniform(101) < 0.3) {
      digits[chance.below(81, 102)] = 1 + chance.below(9, 103);
    }
    return SudokuGrid.of(digits);
  }

  private static int solutions(SudokuGrid grid) {
    var board = new SudokuBoard();
    boolean legal = IntStream.range(0, 81).allMatch(cell -> board.put(cell, grid.digit(cell)));
    return legal ? board.solutions(3) : 0;
  }

  @Test
  void aSearchLeavesTheBoardAsItWas() {
    var board = new SudokuBoard();
    board.put(40, 5);
    assertThat(board.solutions(2)).isEqualTo(2);
    assertThat(board.grid().cells()).isEqualTo(".".repeat(40) + "5" + ".".repeat(40));
    assertThat(board.put(41, 5)).isFalse();
    assertThat(board.put(41, 4)).isTrue();
  }

  @Test
  void aPuzzleIsReadFromLinesWithZerosOrPoints() {
    String line = "53..7....\n";
    assertThat(new SudokuGrid(line.repeat(9)).cells()).isEqualTo("53..7....".repeat(9));
    assertThat(new SudokuGrid("530070000".repeat(9)).givens()).isEqualTo(27);
  }

  @Test
  void whatIsNoPuzzleIsRefused() {
    assertThatThrownBy(() -> new SudokuGrid("1".repeat(80)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a Sudoku of 80 cells: expected 81");
    assertThatThrownBy(() -> new SudokuGrid("x" + ".".repeat(80)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected digits, and points for blank cells");
    assertThatThrownBy(() -> new SudokuGrid(".".repeat(81)).solved())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has more than one solution: expected exactly one");
    assertThatThrownBy(() -> new SudokuGrid("11" + ".".repeat(79)).solved())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no solution: expected exactly one");
    String noPlaceForNine = "12345678." + ".".repeat(8) + "9" + ".".repeat(63);
    assertThatThrownBy(() -> new SudokuGrid(noPlaceForNine).solved())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no solution");
  }
}
