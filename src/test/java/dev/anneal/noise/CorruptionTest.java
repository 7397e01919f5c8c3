package dev.anneal.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.anneal.noise.Dense.Truth;
import dev.anneal.tensor.Rng;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CorruptionTest {

  private static final int POSITIONS = 200_000;
  private static final int CLEAN_TOKEN = 2;
  private static final Corruption CORRUPTION = new Corruption(Dense.TOKENS, Dense.MASK);

  /**
   * What χ² exceeds with chance 1e-8, by degrees of freedom (none: only rounding): the 57
   * comparisons together raise a false alarm for fewer than one seed in a million.
   */
  private static final double[] CRITICAL = {1e-6, 32.84, 36.84, 40.13, 43.07, 45.79};

  private final Rng rng = new Rng(20_260_101);

  static List<Truth> truths() {
    return Dense.truths();
  }

  @ParameterizedTest
  @MethodSource("truths")
  void frequenciesAreThoseOfTheProcess(Truth truth) {
    for (double sigma : new double[] {0, 0.2, 1, 2}) {
      double[] chances = new double[Dense.STATES];
      double[][] marginal = truth.marginal(sigma);
      Arrays.setAll(chances, state -> marginal[state][CLEAN_TOKEN]);
      int[] counts = new int[Dense.STATES];
      for (int token : corrupted(truth.chances(sigma))) {
        counts[token]++;
      }
      assertFollows(counts, chances);
    }
  }

  /** Pearson's χ²; what has no chance must not occur at all. */
  private static void assertFollows(int[] counts, double[] chances) {
    double statistic = 0;
    int outcomes = 0;
    for (int state = 0; state < counts.length; state++) {
      double expected = chances[state] * POSITIONS;
      if (chances[state] == 0) {
        assertThat(counts[state]).isZero();
      } else {
        assertThat(expected).as("enough for the law of χ²").isGreaterThan(50);
        statistic += (counts[state] - expected) * (counts[state] - expected) / expected;
        outcomes++;
      }
    }
    assertThat(statistic).isLessThanOrEqualTo(CRITICAL[outcomes - 1]);
  }

  @Test
  void aScatterHitsEveryRealTokenAndNeverTheMask() {
    Fate[] fates = new Fate[POSITIONS];
    Arrays.fill(fates, Fate.SCATTERED);
    int[] counts = new int[Dense.STATES];
    for (int token : CORRUPTION.corrupt(cleanTokens(), fates, replacements())) {
      counts[token]++;
    }

    assertFollows(counts, new double[] {0.2, 0.2, 0.2, 0.2, 0.2, 0});
  }

  @Test
  void aTokenTellsItsFate() {
    int[] tokens = {0, 1, 2, 3};
    Fate[] fates = {Fate.KEPT, Fate.MASKED, Fate.KEPT, Fate.MASKED};

    assertThat(CORRUPTION.corrupt(tokens, fates, replacements())).containsExactly(0, 5, 2, 5);
    assertThat(tokens).containsExactly(0, 1, 2, 3);
  }

  @Test
  void theEpsilonHybridWithoutEpsilonIsAbsorbDrawForDraw() {
    for (double alpha : new double[] {0, 0.3, 0.9, 1}) {
      assertThat(corrupted(new EpsilonHybrid(0).chances(alpha)))
          .isEqualTo(corrupted(new Absorb().chances(alpha)));
    }
  }

  @Test
  void epsilonDoesNotMoveTheMasks() {
    var scattering = List.of(fates(new EpsilonHybrid(0.5).chances(0.4)));
    var plain = List.of(fates(new Absorb().chances(0.4)));

    assertThat(scattering).contains(Fate.KEPT, Fate.SCATTERED);
    assertThat(scattering.stream().map(Fate.MASKED::equals).toList())
        .isEqualTo(plain.stream().map(Fate.MASKED::equals).toList());
  }

  @Test
  void eachPositionFollowsItsOwnChances() {
    var chances = List.of(Chances.CLEAN, new Absorb().chances(0), new Uniform().chances(0));

    assertThat(Corruption.fates(chances, rng.stream(Rng.Purpose.FATE, 0, 0)))
        .containsExactly(Fate.KEPT, Fate.MASKED, Fate.SCATTERED);
  }

  @Test
  void wrongVocabulariesTokensAndLengthsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Corruption(5, 4))
        .withMessageContaining("mask is 4, a real token");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Corruption(0, 4))
        .withMessageContaining("realTokens is 0");
    Fate[] kept = {Fate.KEPT};
    for (int token : new int[] {-1, Dense.MASK}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CORRUPTION.corrupt(new int[] {token}, kept, replacements()))
          .withMessage("token %d at position 0 is not real; expected 0 to 4", token);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CORRUPTION.corrupt(new int[] {1, 2}, kept, replacements()))
        .withMessage("1 fates for 2 tokens; expected one each");
  }

  private int[] corrupted(Chances chances) {
    return CORRUPTION.corrupt(cleanTokens(), fates(chances), replacements());
  }

  private Fate[] fates(Chances chances) {
    return Corruption.fates(
        Collections.nCopies(POSITIONS, chances), rng.stream(Rng.Purpose.FATE, 0, 0));
  }

  private Rng.Stream replacements() {
    return rng.stream(Rng.Purpose.REPLACEMENT, 0, 0);
  }

  private static int[] cleanTokens() {
    int[] tokens = new int[POSITIONS];
    Arrays.fill(tokens, CLEAN_TOKEN);
    return tokens;
  }
}
