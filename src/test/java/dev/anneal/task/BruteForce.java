package dev.anneal.task;

import java.util.stream.IntStream;

/** Solves Sudokus cell by cell, reading the rules off the page. */
final class BruteForce {

  private BruteForce() {}

  /** How many solutions a grid has, counted up to {@code most}. */
  static int solutions(SudokuGrid grid, int most) {
    int[] digits = IntStream.range(0, 81).map(grid::digit).toArray();
    boolean legal =
        IntStream.range(0, 81)
            .filter(cell -> digits[cell] > 0)
            .allMatch(cell -> fits(digits, cell, digits[cell]));
    return legal ? count(digits, 0, most) : 0;
  }

  private static int count(int[] digits, int cell, int most) {
    if (cell == 81) {
      return 1;
    }
    if (digits[cell] > 0) {
      return count(digits, cell + 1, most);
    }
    int found = 0;
    for (int digit = 1; digit <= 9 && found < most; digit++) {
      if (fits(digits, cell, digit)) {
        digits[cell] = digit;
        found += count(digits, cell + 1, most - found);
        digits[cell] = 0;
      }
    }
    return found;
  }

  private static boolean fits(int[] digits, int cell, int digit) {
    return IntStream.range(0, 81)
        .filter(other -> other != cell && digits[other] == digit)
        .noneMatch(
            other ->
                other / 9 == cell / 9
                    || other % 9 == cell % 9
                    || (other / 27 == cell / 27 && other % 9 / 3 == cell % 9 / 3));
  }
}
