package dev.anneal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.noise.Absorb;
import dev.anneal.noise.Chances;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Processes;
import dev.anneal.noise.Uniform;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Bayes' rule on a toy of five tokens and the mask, written out. */
@ExtendWith(InScope.class)
final class ScoresTest {
  private static final int TOKENS = 5;
  private static final int MASK = TOKENS;
  private static final Chances HALF = new Absorb().chances(0.5);
  private static final Offset<Double> EXACT = within(1e-10);

  /** What the rest of the text says of the clean token. */
  private static final double[] PRIOR = {0.5, 0.25, 0.15, 0.0999, 0.0001};

  /** A row that shows a token under some noise. */
  record Shown(int token, Chances chances) {

    /** q(other | clean). */
    private double likelihood(int other, int clean) {
      if (other == MASK) {
        return chances.masked();
      }
      return chances.scattered() / TOKENS + (clean == other ? chances.kept() : 0);
    }

    private double marginal(int other) {
      double sum = 0;
      for (int clean = 0; clean < TOKENS; clean++) {
        sum += PRIOR[clean] * likelihood(other, clean);
      }
      return sum;
    }

    double logChance(int clean) {
      return Math.log(PRIOR[clean] * likelihood(token, clean) / marginal(token));
    }

    double chance(int clean) {
      return Math.exp(logChance(clean));
    }

    double logScore(int other) {
      return Math.log(marginal(other) / marginal(token));
    }
  }

  /** All that the toy can show, under processes and survivals. */
  static final List<Shown> ALL =
      Stream.concat(Processes.each().stream(), Stream.of(new GammaHybrid(0.05)))
          .filter(process -> process.chances(0.3).scattered() > 0)
          .flatMap(process -> Stream.of(0.005, 0.3, 0.999).map(process::chances))
          .flatMap(
              chances ->
                  IntStream.rangeClosed(0, chances.masked() > 0 ? MASK : MASK - 1)
                      .mapToObj(token -> new Shown(token, chances)))
          .toList();

  @Test
  void scoresAreThoseOfTheGuess() {
    Tensor scores = Scores.logScores(toy(ALL, Shown::logChance), ids(ALL), noise(ALL));
    assertThat(scores.toDoubles()).containsExactly(numbers(ALL, Shown::logScore), EXACT);
  }

  @Test
  void theGuessIsThatOfTheScores() {
    Tensor guess = Scores.guessLogits(toy(ALL, Shown::logScore), ids(ALL), noise(ALL));
    assertThat(guess.exp().toDoubles()).containsExactly(numbers(ALL, Shown::chance), EXACT);
  }

  @Test
  void bothAreGoodInSinglePrecision() {
    Tensor scores =
        Scores.logScores(toy(ALL, Shown::logChance).to(DType.FLOAT32), ids(ALL), noise(ALL));
    assertThat(scores.toDoubles()).containsExactly(numbers(ALL, Shown::logScore), within(1e-5));
    Tensor guess =
        Scores.guessLogits(toy(ALL, Shown::logScore).to(DType.FLOAT32), ids(ALL), noise(ALL));
    assertThat(guess.exp().toDoubles()).containsExactly(numbers(ALL, Shown::chance), within(1e-4));
  }

  @Test
  void logitsNeedNotBeNormalised() {
    Tensor shifted = toy(ALL, Shown::logChance).add(Tensors.scalar(3, DType.FLOAT64, Device.CPU));
    assertThat(Scores.logScores(shifted, ids(ALL), noise(ALL)).toDoubles())
        .containsExactly(numbers(ALL, Shown::logScore), EXACT);
  }

  @Test
  void whatTheNetworkSaysOfARealRowsOwnTokenDoesNotCount() {
    double[] scores = numbers(ALL, Shown::logScore);
    for (int row = 0; row < ALL.size(); row++) {
      if (ALL.get(row).token != MASK) {
        scores[row * TOKENS + ALL.get(row).token] = 40;
      }
    }
    Tensor guess = Scores.guessLogits(Tensors.of(scores, ALL.size(), TOKENS), ids(ALL), noise(ALL));
    assertThat(guess.exp().toDoubles()).containsExactly(numbers(ALL, Shown::chance), EXACT);
  }

  @Test
  void whereNothingScattersARealRowIsCertain() {
    var rows = List.of(new Shown(2, new Absorb().chances(0.3)), new Shown(MASK, HALF));
    Tensor some = Tensors.of(new double[] {1, -2, 3, -4, 5, 0, -1, -2, -3, -700}, 2, TOKENS);
    double never = Scores.LOG_OF_NOTHING; // finite: the difference of two guesses is a number
    double[] certain = {never, never, 0, never, never};
    for (Tensor made :
        List.of(
            Scores.guessLogits(some, ids(rows), noise(rows)),
            Scores.logScores(some, ids(rows), noise(rows)))) {
      assertThat(made.select(0, 0).toDoubles()).containsExactly(certain);
      assertThat(Nn.logSoftmax(made.select(0, 1)).toDoubles())
          .as("scores of a mask are a multiple of the guess")
          .containsExactly(Nn.logSoftmax(some.select(0, 1)).toDoubles(), EXACT);
    }
  }

  @Test
  void aGuessOverALargeVocabularyComesBack() {
    int tokens = 50_257;
    var chances = new GammaHybrid(0.1).chances(0.4);
    var draws = new Rng(5).stream(Rng.Purpose.TOKEN, 0, 0);
    double[] logits = new double[2 * tokens];
    Arrays.setAll(logits, i -> 12 * draws.uniform(i));
    Tensor guess = Tensors.of(logits, 2, tokens).to(DType.FLOAT32);
    int[] ids = {7, tokens};
    Tensor back =
        Scores.guessLogits(Scores.logScores(guess, ids, twice(chances)), ids, twice(chances));
    double[] difference = Nn.softmax(back).subtract(Nn.softmax(guess)).toDoubles();
    assertThat(Arrays.stream(difference).map(Math::abs).sum()).isLessThan(2e-3);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e4, -200, 200, 1e4})
  void scoresOfNoGuessStillGiveOne(double extreme) {
    double[] scores = new double[ALL.size() * TOKENS];
    Arrays.setAll(scores, i -> i % 3 == 0 ? extreme : i % 7 - 3);
    Tensor leaf =
        Tensors.of(scores, ALL.size(), TOKENS).to(DType.FLOAT32).detached().requireGradient();
    Tensor guess = Nn.logSoftmax(Scores.guessLogits(leaf, ids(ALL), noise(ALL)));
    assertThat(guess.exp().sum(1).toDoubles()).containsOnly(new double[] {1}, within(1e-4));
    guess.exp().multiply(guess.exp()).sum().backward();
    assertThat(Arrays.stream(leaf.gradient().toDoubles()).sum()).isFinite();
    leaf.close();
  }

  @Test
  void gradientsOfTheGuessAreSlopes() {
    assertSlopes(Scores::guessLogits, numbers(ALL, Shown::logScore));
  }

  @Test
  void gradientsOfTheScoresAreSlopes() {
    assertSlopes(Scores::logScores, numbers(ALL, Shown::logChance));
  }

  /** A way from one reading to the other. */
  private interface Conversion {
    Tensor convert(Tensor values, int[] ids, List<Chances> noise);
  }

  /** Along one direction, the gradient of a sum of squares against a difference quotient. */
  private static void assertSlopes(Conversion conversion, double[] at) {
    var draws = new Rng(3).stream(Rng.Purpose.TOKEN, 0, 0);
    double[] direction = new double[at.length];
    Arrays.setAll(direction, i -> draws.uniform(i) - 0.5);
    Tensor leaf = Tensors.of(at, ALL.size(), TOKENS).detached().requireGradient();
    loss(conversion, leaf).backward();
    double slope = 0;
    double[] gradient = leaf.gradient().toDoubles();
    for (int i = 0; i < at.length; i++) {
      slope += gradient[i] * direction[i];
    }
    leaf.close();
    double step = 1e-7;
    double quotient =
        (loss(conversion, moved(at, direction, step)).item()
                - loss(conversion, moved(at, direction, -step)).item())
            / (2 * step);
    assertThat(slope).isCloseTo(quotient, within(1e-4 * Math.abs(quotient)));
  }

  private static Tensor loss(Conversion conversion, Tensor values) {
    Tensor chances = conversion.convert(values, ids(ALL), noise(ALL)).exp();
    return chances.multiply(chances).sum();
  }

  private static Tensor moved(double[] at, double[] direction, double step) {
    double[] moved = new double[at.length];
    Arrays.setAll(moved, i -> at[i] + step * direction[i]);
    return Tensors.of(moved, ALL.size(), TOKENS);
  }

  @Test
  void rowsThatCannotBeAreRefused() {
    Tensor two = Tensors.zeros(DType.FLOAT32, Device.CPU, 2, TOKENS);
    assertThatThrownBy(() -> Scores.guessLogits(two, new int[] {1}, twice(HALF)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("FLOAT32[2, 5] for 1 ids and 2 chances: expected a row for each");
    assertThatThrownBy(() -> Scores.logScores(two, new int[] {1, 6}, twice(HALF)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("id 6 in row 1: expected 0 … 5");
    var unmasked = new Uniform().chances(0.5);
    assertThatThrownBy(() -> Scores.guessLogits(two, new int[] {1, MASK}, twice(unmasked)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("row 1 shows 5 under ");
    var forgotten = new Uniform().chances(0);
    assertThatThrownBy(() -> Scores.guessLogits(two, new int[] {1, 2}, twice(forgotten)))
        .hasMessageStartingWith("row 0 shows 1 under ");
  }

  private static List<Chances> twice(Chances chances) {
    return List.of(chances, chances);
  }

  private static int[] ids(List<Shown> rows) {
    return rows.stream().mapToInt(Shown::token).toArray();
  }

  private static List<Chances> noise(List<Shown> rows) {
    return rows.stream().map(Shown::chances).toList();
  }

  /** A number for each row and token. */
  private static double[] numbers(List<Shown> rows, ToDoubleBiFunction<Shown, Integer> number) {
    return rows.stream()
        .flatMapToDouble(
            row ->
                IntStream.range(0, TOKENS).mapToDouble(token -> number.applyAsDouble(row, token)))
        .toArray();
  }

  private static Tensor toy(List<Shown> rows, ToDoubleBiFunction<Shown, Integer> number) {
    return Tensors.of(numbers(rows, number), rows.size(), TOKENS);
  }
}
