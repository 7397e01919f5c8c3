package dev.anneal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.tensor.Rng;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SudokuTest {
  private static final Rng RNG = new Rng(1);

  private static List<SudokuGrid> puzzles(Sudoku task, Task.Part part, int count) {
    return LongStream.range(0, count)
        .mapToObj(number -> Sudoku.puzzle(task.example(part, number, RNG)))
        .toList();
  }

  @Test
  void aPuzzleHasItsGivensAndOneSolution() {
    for (SudokuGrid puzzle : puzzles(new Sudoku(36), Task.Part.TRAINING, 40)) {
      assertThat(puzzle.givens()).isEqualTo(36);
      assertThat(BruteForce.solutions(puzzle, 2)).as(puzzle.cells()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerIsTheSolutionOfItsPuzzle() {
    Example example = new Sudoku(26).example(Task.Part.UNSEEN, 3, RNG);
    SudokuGrid solved = Sudoku.puzzle(example).solved();
    assertThat(example.tokens())
        .isEqualTo(IntStream.range(0, 81).map(cell -> solved.digit(cell) - 1).toArray());
  }

  @Test
  void theNumberOfGivensIsDrawnFromItsRange() {
    var givens = new HashSet<Integer>();
    puzzles(new Sudoku(50, 53), Task.Part.TRAINING, 60)
        .forEach(puzzle -> givens.add(puzzle.givens()));
    assertThat(givens).containsExactlyInAnyOrder(50, 51, 52, 53);
  }

  @Test
  void aPuzzleFollowsFromSeedPartAndNumber() {
    var task = new Sudoku(30);
    assertThat(puzzles(task, Task.Part.UNSEEN, 20)).isEqualTo(puzzles(task, Task.Part.UNSEEN, 20));
    assertThat(Sudoku.puzzle(task.example(Task.Part.UNSEEN, 0, RNG)).cells())
        .as("published results name puzzles by these numbers: they have to stay")
        .isEqualTo(
            "1...9...863...2947.8.3..6..81.7.6...3.6..1.8..4.23.1.........6....8..3...6....72.");
    assertThat(puzzles(task, Task.Part.TRAINING, 200)).doesNotHaveDuplicates();
    assertThat(task.example(Task.Part.UNSEEN, 0, new Rng(2)).tokens())
        .isNotEqualTo(task.example(Task.Part.UNSEEN, 0, RNG).tokens());
  }

  @Test
  void partsShareNoGridUpToItsSymmetries() {
    for (int number = 0; number < 60; number++) {
      Example example = new Sudoku(60).example(Task.Part.UNSEEN, number, RNG);
      SudokuGrid solved = Sudoku.puzzle(example).solved();
      SudokuGrid disguised = disguised(solved, new Rng(9).stream(Rng.Purpose.ORDER, number, 0));
      assertThat(disguised).isNotEqualTo(solved);
      assertThat(BruteForce.solutions(disguised, 1)).isEqualTo(1);
      assertThat(Sudoku.part(disguised)).isEqualTo(Task.Part.UNSEEN);
    }
    for (SudokuGrid puzzle : puzzles(new Sudoku(60), Task.Part.TRAINING, 60)) {
      assertThat(Sudoku.part(puzzle.solved())).isEqualTo(Task.Part.TRAINING);
    }
  }

  /** The same grid with digits renamed, lines exchanged, and perhaps rows for columns. */
  private static SudokuGrid disguised(SudokuGrid grid, Rng.Stream chance) {
    int[] names = shuffled(9, chance, 0);
    int[] rows = lines(chance, 10);
    int[] columns = lines(chance, 30);
    boolean turned = chance.uniform(50) < 0.5;
    return SudokuGrid.of(
        IntStream.range(0, 81)
            .map(cell -> 9 * rows[cell / 9] + columns[cell % 9])
            .map(cell -> turned ? cell % 9 * 9 + cell / 9 : cell)
            .map(cell -> 1 + names[grid.digit(cell) - 1])
            .toArray());
  }

  /** The nine lines with bands exchanged, and lines within each band. */
  private static int[] lines(Rng.Stream chance, int draw) {
    int[] bands = shuffled(3, chance, draw);
    int[][] within =
        IntStream.range(0, 3)
            .mapToObj(band -> shuffled(3, chance, draw + 3 + 3 * band))
            .toArray(int[][]::new);
    return IntStream.range(0, 9)
        .map(line -> 3 * bands[line / 3] + within[line / 3][line % 3])
        .toArray();
  }

  private static int[] shuffled(int size, Rng.Stream chance, int draw) {
    return IntStream.range(0, size)
        .boxed()
        .sorted((a, b) -> Double.compare(chance.uniform(draw + a), chance.uniform(draw + b)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  @Test
  void oneGridInEightIsUnseen() {
    long unseen =
        IntStream.range(0, 2000)
            .mapToObj(i -> SudokuBoard.random(RNG.stream(Rng.Purpose.EXAMPLE, i, 0)))
            .filter(grid -> Sudoku.part(grid) == Task.Part.UNSEEN)
            .count();
    assertThat(unseen).as("of 2000, 250 ± 6 standard deviations").isBetween(161L, 339L);
  }

  @Test
  void onlyAGridThatKeepsGivensAndRulesIsSolved() {
    var task = new Sudoku(40);
    Example asked = task.example(Task.Part.UNSEEN, 0, RNG);
    int[] right = asked.tokens();
    assertThat(task.isSolved(asked, right)).isTrue();
    for (int cell = 0; cell < 81; cell++) {
      int[] broken = right.clone();
      broken[cell] = (broken[cell] + 1) % 9;
      assertThat(task.isSolved(asked, broken)).as("wrong at cell %d", cell).isFalse();
    }
    int[] renamed = Arrays.stream(right).map(token -> (token + 1) % 9).toArray();
    assertThat(task.isSolved(asked, renamed)).as("a legal grid with other givens").isFalse();
    int[] ended = right.clone();
    ended[80] = task.tokenizer().end();
    assertThat(task.isSolved(asked, ended)).isFalse();
    assertThat(task.isSolved(asked, Arrays.copyOf(right, 80))).isFalse();
  }

  @Test
  void aPuzzleOfOnesOwnIsAnExample() {
    var puzzle =
        new SudokuGrid(
            "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79");
    Example example = Sudoku.example(puzzle);
    assertThat(Sudoku.puzzle(example)).isEqualTo(puzzle);
    assertThat(new Sudoku(30).isSolved(example, example.tokens())).isTrue();
    assertThatThrownBy(() -> Sudoku.example(new SudokuGrid(".".repeat(81))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than one solution");
  }

  @Test
  void givensOutOfRangeAreRefused() {
    for (int[] range : new int[][] {{23, 30}, {81, 81}, {40, 39}, {40, 81}}) {
      assertThatThrownBy(() -> new Sudoku(range[0], range[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "givens %d … %d: expected 24 … 80, in this order".formatted(range[0], range[1]));
    }
  }
}
