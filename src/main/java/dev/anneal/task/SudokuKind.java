package dev.anneal.task;

import dev.anneal.tensor.Rng;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a solved Sudoku keeps when digits are renamed, rows are exchanged within a band or bands as
 * a whole, the same for columns, or rows become columns: any two grids that are the same up to all
 * that are of one kind. (The reverse need not hold.)
 *
 * <p>Two rows are a permutation of the digits, from the one in the upper row to the one below it;
 * renaming and moving cells leaves its cycle lengths as they are.
 */
final class SudokuKind {
  private static final int SIDE = SudokuGrid.SIDE;
  private static final int BAND = 3;

  /** Odd, so that folding loses nothing. */
  private static final long FOLD = 0x9E3779B97F4A7C15L;

  private SudokuKind() {}

  /** A number in [0, 1), the same for all grids of a kind, as good as random among kinds. */
  static double uniform(SudokuGrid solved) {
    int[][] rows = new int[SIDE][SIDE];
    int[][] columns = new int[SIDE][SIDE];
    for (int cell = 0; cell < SudokuGrid.CELLS; cell++) {
      rows[cell / SIDE][cell % SIDE] = solved.digit(cell);
      columns[cell % SIDE][cell / SIDE] = solved.digit(cell);
    }
    long[] kinds = {kind(rows), kind(columns)};
    Arrays.sort(kinds);
    return new Rng(folded(kinds)).uniform(Rng.Purpose.EXAMPLE, 0, 0, 0);
  }

  private static long kind(int[][] lines) {
    long[] pairs =
        IntStream.range(0, SIDE * SIDE)
            .filter(pair -> pair / SIDE < pair % SIDE)
            .mapToLong(
                pair -> {
                  int one = pair / SIDE;
                  int other = pair % SIDE;
                  long cycles = cycles(lines[one], lines[other]);
                  return one / BAND == other / BAND ? cycles : -cycles;
                })
            .sorted()
            .toArray();
    return folded(pairs);
  }

  /** The cycle lengths: how many there are of length n is the n-th digit to base 16. */
  private static long cycles(int[] from, int[] to) {
    int[] next = new int[SIDE + 1];
    for (int i = 0; i < SIDE; i++) {
      next[from[i]] = to[i];
    }
    long cycles = 0;
    for (int start = 1; start <= SIDE; start++) {
      int length = 0;
      for (int digit = start; next[digit] > 0; length++) {
        int following = next[digit];
        next[digit] = 0;
        digit = following;
      }
      cycles += length == 0 ? 0 : 1L << (4 * length);
    }
    return cycles;
  }

  private static long folded(long[] numbers) {
    long folded = 0;
    for (long number : numbers) {
      folded = (folded + number) * FOLD;
      folded ^= folded >>> 32;
    }
    return folded;
  }
}
