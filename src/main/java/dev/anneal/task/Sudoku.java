package dev.anneal.task;

import dev.anneal.data.DigitTokenizer;
import dev.anneal.data.Tokenizer;
import dev.anneal.recipe.Default;
import dev.anneal.tensor.Rng;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Sudoku: 81 cells, of which some are given and the others follow; every puzzle has exactly one
 * solution.
 *
 * <p>A puzzle is a random full grid from which digits were taken away, in random order, each only
 * if the solution stays the only one. One grid in eight is unseen in training, together with all
 * that are the same up to renamed digits and exchanged lines ({@link SudokuKind}).
 *
 * @param givens the fewest cells that are given, 24 … 80: more are easier; by default 45
 * @param mostGivens the most; 0, the default, stands for as many as the fewest
 */
public record Sudoku(@Default("45") int givens, @Default("0") int mostGivens) implements Task {

  /** Taking digits away at random often gets here; below, it takes many grids. */
  private static final int FEWEST = 24;

  private static final double UNSEEN_SHARE = 1 / 8.0;
  private static final DigitTokenizer TOKENIZER = new DigitTokenizer();

  /** Checks the numbers of givens. */
  public Sudoku {
    mostGivens = mostGivens == 0 ? givens : mostGivens;
    if (givens < FEWEST || mostGivens < givens || mostGivens >= SudokuGrid.CELLS) {
      throw new IllegalArgumentException(
          "givens %d … %d: expected %d … %d, in this order"
              .formatted(givens, mostGivens, FEWEST, SudokuGrid.CELLS - 1));
    }
  }

  /** Puzzles with so many givens. */
  public Sudoku(int givens) {
    this(givens, givens);
  }

  @Override
  public Tokenizer tokenizer() {
    return TOKENIZER;
  }

  @Override
  public int length() {
    return SudokuGrid.CELLS;
  }

  @Override
  public Example example(Part part, long number, Rng rng) {
    for (int attempt = 0; ; attempt++) {
      Rng.Stream chance = rng.stream(Rng.Purpose.EXAMPLE, number, attempt);
      SudokuGrid solution = SudokuBoard.random(chance);
      if (part(solution) == part) {
        Optional<Example> example = dug(solution, rng.stream(Rng.Purpose.KNOWN, number, attempt));
        if (example.isPresent()) {
          return example.get();
        }
      }
    }
  }

  /** The part that a solution belongs to. */
  static Part part(SudokuGrid solution) {
    return SudokuKind.uniform(solution) < UNSEEN_SHARE ? Part.UNSEEN : Part.TRAINING;
  }

  /** A puzzle with this solution; absent if no digit more can be taken away before it is one. */
  private Optional<Example> dug(SudokuGrid solution, Rng.Stream chance) {
    int wanted = givens + chance.below(mostGivens - givens + 1, 0);
    var board = new SudokuBoard();
    IntStream.range(0, length()).forEach(cell -> board.put(cell, solution.digit(cell)));
    int[] cells = IntStream.range(0, length()).toArray();
    int left = length();
    for (int i = 0; i < length() && left > wanted; i++) {
      int other = i + chance.below(length() - i, i + 1);
      int cell = cells[other];
      cells[other] = cells[i];
      int digit = solution.digit(cell);
      board.clear(cell);
      if (board.hasSolutionWithout(digit, cell)) {
        board.put(cell, digit);
      } else {
        left--;
      }
    }
    return left == wanted ? Optional.of(example(board.grid(), solution)) : Optional.empty();
  }

  /**
   * A puzzle of one's own, with its answer.
   *
   * @throws IllegalArgumentException if it has no solution, or more than one
   */
  public static Example example(SudokuGrid puzzle) {
    return example(puzzle, puzzle.solved());
  }

  private static Example example(SudokuGrid puzzle, SudokuGrid solution) {
    var known = new BitSet();
    IntStream.range(0, SudokuGrid.CELLS).filter(cell -> puzzle.digit(cell) > 0).forEach(known::set);
    return new Example(TOKENIZER.encode(solution.cells()), known);
  }

  /** The puzzle of an example, its unknown cells blank. */
  public static SudokuGrid puzzle(Example example) {
    return SudokuGrid.of(
        IntStream.range(0, SudokuGrid.CELLS)
            .map(cell -> example.isKnown(cell) ? example.token(cell) + 1 : 0)
            .toArray());
  }

  /** By the rules and the givens alone: no digit twice in a row, column or box. */
  @Override
  public boolean isSolved(Example asked, int[] answer) {
    var board = new SudokuBoard();
    return answer.length == length()
        && IntStream.range(0, length())
            .allMatch(
                cell ->
                    answer[cell] != TOKENIZER.end()
                        && board.put(cell, answer[cell] + 1)
                        && (!asked.isKnown(cell) || answer[cell] == asked.token(cell)));
  }
}
