package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenChoiceTest {
  private static final double ALMOST_ONE = Math.nextDown(1.0);
  private static final float LOWEST = Float.NEGATIVE_INFINITY;

  /** One token for each draw, all from the same logits. */
  private static int[] choose(TokenChoice choice, float[] logits, double... draws) {
    float[] rows = new float[draws.length * logits.length];
    for (int row = 0; row < draws.length; row++) {
      System.arraycopy(logits, 0, rows, row * logits.length, logits.length);
    }
    try (Scope scope = Scope.withoutGradient()) {
      return choice.guess(Tensors.of(rows, draws.length, logits.length)).draw(draws);
    }
  }

  private static float[] logs(double... chances) {
    float[] logs = new float[chances.length];
    for (int token = 0; token < logs.length; token++) {
      logs[token] = (float) Math.log(chances[token]);
    }
    return logs;
  }

  private static long[] frequencies(TokenChoice choice, float[] logits) {
    long[] counts = new long[logits.length];
    double[] draws = new Random(31).doubles(100_000).toArray();
    for (int token : choose(choice, logits, draws)) {
      counts[token]++;
    }
    return counts;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 3})
  void frequenciesAreTheSoftmaxOfLogitsOverTemperature(double temperature) {
    float[] logits = {1.5f, -0.5f, 0, 2, 0.3f};
    double[] chances = new double[logits.length];
    Arrays.setAll(chances, token -> Math.exp(logits[token] / temperature));
    double total = Arrays.stream(chances).sum();
    Arrays.setAll(chances, token -> chances[token] / total);
    ChiSquare.assertDrawnFrom(chances, frequencies(new TokenChoice(temperature, 1), logits));
  }

  @Test
  void theNucleusIsTheSmallestSetThatReachesTopP() {
    float[] logits = logs(0.125, 0.5, 0.25, 0.125);
    ChiSquare.assertDrawnFrom(
        new double[] {0, 2 / 3.0, 1 / 3.0, 0}, frequencies(new TokenChoice(1, 0.75), logits));
    assertThat(frequencies(new TokenChoice(1, 0.5), logits)).containsExactly(0, 100_000, 0, 0);
    assertThat(Arrays.stream(frequencies(new TokenChoice(1, 0.76), logits)))
        .filteredOn(count -> count > 0)
        .hasSize(3);
    assertThat(frequencies(new TokenChoice(1, ALMOST_ONE), logits)).doesNotContain(0);
  }

  @Test
  void temperatureZeroTakesTheLikeliest() {
    float[] logits = {0, 3, 2.9f};
    assertThat(choose(new TokenChoice(0, 1), logits, 0, 0.5, ALMOST_ONE)).containsOnly(1);
    assertThat(choose(new TokenChoice(1e-300, 1), logits, 0, 0.5, ALMOST_ONE)).containsOnly(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.9999, 0.5})
  void whatHasNoChanceIsNeverDrawn(double topP) {
    float[] logits = {LOWEST, 0, LOWEST, 0, LOWEST};
    assertThat(choose(new TokenChoice(1, topP), logits, 0, 0.3, 0.7, ALMOST_ONE))
        .containsAnyOf(1, 3)
        .doesNotContain(0, 2, 4);
  }

  @Test
  void theGreatestDrawFindsATokenOfALargeVocabulary() {
    float[] logits = new float[50_257];
    var random = new Random(32);
    for (int token = 0; token < logits.length; token++) {
      logits[token] = (float) random.nextGaussian();
    }
    for (double topP : new double[] {1, 0.9}) {
      int[] ends = choose(new TokenChoice(1, topP), logits, 0, ALMOST_ONE);
      assertThat(Arrays.stream(ends)).allMatch(token -> token >= 0 && token < logits.length);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "0, 1", "1, 0.9"})
  void aRowWhoseLogitsAreNoNumbersIsNoGuess(double temperature, double topP) {
    var choice = new TokenChoice(temperature, topP);
    float[][] faults = {
      {0, Float.NaN, 1}, {0, Float.POSITIVE_INFINITY, 1}, {LOWEST, LOWEST, LOWEST}
    };
    for (float[] fault : faults) {
      float[] rows = {0, 1, 2, fault[0], fault[1], fault[2], 2, 1, 0};
      assertIsNoGuess(choice, rows, guess -> guess.draw(new double[] {0, 0, 0.5}));
      assertIsNoGuess(choice, rows, guess -> guess.chances(new int[] {0, 0, 2}));
    }
  }

  private static void assertIsNoGuess(TokenChoice choice, float[] rows, Consumer<Guess> question) {
    try (Scope scope = Scope.withoutGradient()) {
      assertThatThrownBy(() -> question.accept(choice.guess(Tensors.of(rows, 3, 3))))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("not finite");
    }
  }

  /** The nucleus of 0.5, 0.25, 0.125, 0.125 at 0.75 is the first two. */
  @Test
  void theChanceOfATokenIsThatItIsDrawnWith() {
    float[] logits = logs(0.125, 0.5, 0.25, 0.125);
    assertThat(chances(new TokenChoice(1, 1), logits))
        .containsExactly(new double[] {0.125, 0.5, 0.25, 0.125}, within(1e-6));
    assertThat(chances(new TokenChoice(0.5, 1), logits)) // squares: 1, 16, 4, 1
        .containsExactly(new double[] {1 / 22.0, 16 / 22.0, 4 / 22.0, 1 / 22.0}, within(1e-6));
    assertThat(chances(new TokenChoice(1, 0.75), logits))
        .containsExactly(new double[] {0, 2 / 3.0, 1 / 3.0, 0}, within(1e-6));
    assertThat(chances(new TokenChoice(0, 1), logits)).containsExactly(0, 1, 0, 0);
  }

  /** The chance of each token, one a row. */
  private static double[] chances(TokenChoice choice, float[] logits) {
    float[] rows = new float[logits.length * logits.length];
    int[] tokens = new int[logits.length];
    for (int row = 0; row < logits.length; row++) {
      System.arraycopy(logits, 0, rows, row * logits.length, logits.length);
      tokens[row] = row;
    }
    try (Scope scope = Scope.withoutGradient()) {
      return choice.guess(Tensors.of(rows, logits.length, logits.length)).chances(tokens);
    }
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    for (double temperature : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new TokenChoice(temperature, 1))
          .withMessageContaining("temperature " + temperature);
    }
    for (double topP : new double[] {0, 1.1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new TokenChoice(1, topP))
          .withMessageContaining("top-p " + topP);
    }
  }
}
