package dev.anneal.task;

import java.util.stream.IntStream;

/**
 * A Sudoku, solved or not.
 *
 * @param cells 81 characters, row by row: a digit 1 … 9, or a point where the cell is blank. White
 *     space is left out, and 0 may stand for a point.
 */
public record SudokuGrid(String cells) {

  /** Cells of a row, column or box. */
  static final int SIDE = 9;

  /** Cells of a grid. */
  static final int CELLS = SIDE * SIDE;

  /** Checks the characters and their number. */
  public SudokuGrid {
    cells = cells.replaceAll("\\s", "").replace('0', '.');
    if (cells.length() != CELLS) {
      throw new IllegalArgumentException(
          "a Sudoku of %d cells: expected %d".formatted(cells.length(), CELLS));
    }
    if (!cells.matches("[1-9.]*")) {
      throw new IllegalArgumentException(
          "Sudoku '%s': expected digits, and points for blank cells".formatted(cells));
    }
  }

  /** A grid of digits, 0 for blank, [cell]. */
  static SudokuGrid of(int[] digits) {
    var cells = new StringBuilder();
    for (int digit : digits) {
      cells.append(digit == 0 ? "." : String.valueOf(digit));
    }
    return new SudokuGrid(cells.toString());
  }

  /** The digit of a cell, 0 if it is blank. */
  int digit(int cell) {
    char character = cells.charAt(cell);
    return character == '.' ? 0 : character - '0';
  }

  /** How many cells are not blank. */
  public int givens() {
    return (int) IntStream.range(0, CELLS).filter(cell -> digit(cell) > 0).count();
  }

  /**
   * The one solution.
   *
   * @throws IllegalArgumentException if there is none, or more than one
   */
  public SudokuGrid solved() {
    var board = new SudokuBoard();
    boolean consistent = IntStream.range(0, CELLS).allMatch(cell -> board.put(cell, digit(cell)));
    int solutions = consistent ? board.solutions(2) : 0;
    if (solutions != 1) {
      throw new IllegalArgumentException(
          "Sudoku %s has %s solution: expected exactly one"
              .formatted(cells, solutions == 0 ? "no" : "more than one"));
    }
    return board.lastSolution();
  }
}
