package dev.anneal.task;

import dev.anneal.tensor.Rng;
import java.util.function.IntUnaryOperator;

/**
 * A Sudoku that is being worked on. For each row, column and box it keeps the digits that are there
 * as the bits of a number, digit 1 the lowest, so that the candidates of a cell are one operation
 * away; a search always fills the cell that has fewest.
 */
final class SudokuBoard {
  private static final int SIDE = SudokuGrid.SIDE;
  private static final int CELLS = SudokuGrid.CELLS;
  private static final int BOX = 3;
  private static final int ALL = (1 << SIDE) - 1;

  private final int[] digits = new int[CELLS]; // 0 is blank
  private final int[] rows = new int[SIDE];
  private final int[] columns = new int[SIDE];
  private final int[] boxes = new int[SIDE];
  private int[] solution = digits;

  /**
   * A full grid, drawn by a search that takes candidates at random: every grid can come, not all
   * equally often.
   */
  static SudokuGrid random(Rng.Stream chance) {
    var board = new SudokuBoard();
    var drawn = new int[1];
    IntUnaryOperator any =
        candidates -> {
          int left = candidates;
          for (int skip = chance.below(Integer.bitCount(left), drawn[0]++); skip > 0; skip--) {
            left &= left - 1;
          }
          return Integer.lowestOneBit(left);
        };
    board.search(1, any);
    return board.lastSolution();
  }

  /**
   * Puts a digit into a blank cell, or leaves it blank for 0; false if a rule forbids the digit.
   */
  boolean put(int cell, int digit) {
    int bit = 1 << digit >> 1;
    if ((candidates(cell) & bit) != bit) {
      return false;
    }
    digits[cell] = digit;
    flip(cell, bit);
    return true;
  }

  /** Makes a cell blank that has a digit. */
  void clear(int cell) {
    flip(cell, 1 << digits[cell] >> 1);
    digits[cell] = 0;
  }

  private void flip(int cell, int bit) {
    rows[cell / SIDE] ^= bit;
    columns[cell % SIDE] ^= bit;
    boxes[box(cell)] ^= bit;
  }

  private static int box(int cell) {
    return cell / (BOX * SIDE) * BOX + cell % SIDE / BOX;
  }

  private int candidates(int cell) {
    return ALL & ~(rows[cell / SIDE] | columns[cell % SIDE] | boxes[box(cell)]);
  }

  /** How many solutions there are; stops counting at {@code most}. */
  int solutions(int most) {
    return search(most, Integer::lowestOneBit);
  }

  /** Whether there is a solution that has another digit than this one in a blank cell. */
  boolean hasSolutionWithout(int digit, int cell) {
    for (int other = 1; other <= SIDE; other++) {
      if (other != digit && put(cell, other)) {
        boolean solved = solutions(1) > 0;
        clear(cell);
        if (solved) {
          return true;
        }
      }
    }
    return false;
  }

  /** The solution that was found last. */
  SudokuGrid lastSolution() {
    return SudokuGrid.of(solution);
  }

  /** The digits as they are. */
  SudokuGrid grid() {
    return SudokuGrid.of(digits);
  }

  /**
   * Counts solutions, the board unchanged in the end.
   *
   * @param choice which bit of some candidates to try next
   */
  private int search(int most, IntUnaryOperator choice) {
    int cell = tightest();
    if (cell == CELLS) {
      solution = digits.clone();
      return 1;
    }
    int found = 0;
    int left = candidates(cell);
    while (left != 0 && found < most) {
      int bit = choice.applyAsInt(left);
      left ^= bit;
      put(cell, Integer.numberOfTrailingZeros(bit) + 1);
      found += search(most - found, choice);
      clear(cell);
    }
    return found;
  }

  /** The blank cell with the fewest candidates, or the number of cells if none is blank. */
  private int tightest() {
    int tightest = CELLS;
    int fewest = SIDE + 1;
    for (int cell = 0; cell < CELLS && fewest > 1; cell++) {
      if (digits[cell] == 0) {
        int count = Integer.bitCount(candidates(cell));
        if (count < fewest) {
          fewest = count;
          tightest = cell;
        }
      }
    }
    return tightest;
  }
}
