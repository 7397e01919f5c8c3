package dev.anneal.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.noise.Dense.Truth;
import dev.anneal.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PosteriorTest {

  private static final double[] SIGMAS = {0, 0.1, 1, 5};
  private static final Offset<Double> NEAR = within(1e-10);

  /** A process between two noises. */
  record Case(Truth truth, double earlier, double later) {

    Posterior posterior() {
      return new Posterior(truth.chances(earlier), truth.chances(later));
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Truth truth : Dense.truths()) {
      for (double earlier : SIGMAS) {
        for (double later : SIGMAS) {
          if (earlier <= later) {
            cases.add(new Case(truth, earlier, later));
          }
        }
      }
    }
    return cases;
  }

  /** Whether some clean token can have become this one, given the chances of each, [clean]. */
  private static boolean possible(double[] chances) {
    return Arrays.stream(chances).limit(Dense.TOKENS).anyMatch(chance -> chance > 0);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theEarlierTokenFollowsBayesRule(Case noise) {
    for (double[] guess : guesses()) {
      double[][] joint = joint(noise, guess);
      for (int seen = 0; seen < Dense.STATES; seen++) {
        double believed = Arrays.stream(joint[seen]).sum();
        if (believed > 0) {
          double[] wanted = Arrays.stream(joint[seen]).map(chance -> chance / believed).toArray();
          assertThat(noise.posterior().given(seen, guess)).containsExactly(wanted, NEAR);
        }
      }
    }
  }

  /**
   * Σ guess(clean) · q(earlier | now, clean), [now][earlier], over the clean tokens that can have
   * become what is seen now.
   */
  private static double[][] joint(Case noise, double[] guess) {
    double[][] before = noise.truth.marginal(noise.earlier);
    double[][] since = noise.truth.transition(noise.earlier, noise.later);
    double[][] now = noise.truth.marginal(noise.later);
    double[][] joint = new double[Dense.STATES][Dense.STATES];
    for (int seen = 0; seen < Dense.STATES; seen++) {
      for (int was = 0; was < Dense.STATES; was++) {
        for (int clean = 0; clean < Dense.TOKENS; clean++) {
          double ways = since[seen][was] * before[was][clean];
          joint[seen][was] += ways == 0 ? 0 : guess[clean] * ways / now[seen][clean];
        }
      }
    }
    return joint;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void goingBackKeepsTheMarginalsForEveryChanceOfARefresh(Case noise) {
    double[][] before = noise.truth.marginal(noise.earlier);
    for (double refresh : new double[] {0, 0.3, 1}) {
      for (int clean = 0; clean < Dense.TOKENS; clean++) {
        double[] reached = reached(noise, clean, refresh);
        for (int was = 0; was < Dense.STATES; was++) {
          assertThat(reached[was]).isCloseTo(before[was][clean], NEAR);
        }
      }
    }
  }

  /** Noises a clean token to the later state and goes back to the earlier one. */
  private static double[] reached(Case noise, int clean, double refresh) {
    double[][] now = noise.truth.marginal(noise.later);
    double[] reached = new double[Dense.STATES];
    for (int seen = 0; seen < Dense.STATES; seen++) {
      if (possible(now[seen])) {
        double[] back = backWithRefresh(noise, seen, oneHot(clean), refresh);
        for (int was = 0; was < Dense.STATES; was++) {
          reached[was] += back[was] * now[seen][clean];
        }
      }
    }
    return reached;
  }

  /** A real token is redrawn with the chance of a refresh, a mask never. */
  private static double[] backWithRefresh(Case noise, int seen, double[] guess, double refresh) {
    double[] back = noise.posterior().given(seen, guess);
    if (seen == Dense.MASK) {
      return back;
    }
    double[] redrawn = noise.posterior().refreshed(guess);
    double[] result = new double[Dense.STATES];
    Arrays.setAll(result, was -> (1 - refresh) * back[was] + refresh * redrawn[was]);
    return result;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theResultIsADistribution(Case noise) {
    double[][] now = noise.truth.marginal(noise.later);
    for (double[] guess : guesses()) {
      for (int seen = 0; seen < Dense.STATES; seen++) {
        if (possible(now[seen])) {
          double[] back = noise.posterior().given(seen, guess);
          assertThat(Arrays.stream(back).min().orElseThrow()).isNotNegative();
          assertThat(Arrays.stream(back).sum()).isCloseTo(1, NEAR);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aTokenThatCannotBeSeenIsRefused(Case noise) {
    double[][] now = noise.truth.marginal(noise.later);
    for (int seen = 0; seen < Dense.STATES; seen++) {
      if (!possible(now[seen])) {
        int impossible = seen;
        assertThatIllegalArgumentException()
            .isThrownBy(() -> noise.posterior().given(impossible, oneHot(0)))
            .withMessageContaining("no chance");
      }
    }
  }

  @Test
  void backAtTheCleanStateTheResultIsTheGuess() {
    double[] guess = {0.1, 0.2, 0.3, 0.15, 0.25};
    double[] wanted = {0.1, 0.2, 0.3, 0.15, 0.25, 0};
    var posterior = new Posterior(Chances.CLEAN, new EpsilonHybrid(0.1).chances(0.6));

    for (int seen = 0; seen < Dense.STATES; seen++) {
      assertThat(posterior.given(seen, guess)).containsExactly(wanted, NEAR);
    }
  }

  @Test
  void theEpsilonHybridIsStillScatteredAtAlphaOne() {
    var process = new EpsilonHybrid(0.1);
    var posterior = new Posterior(process.chances(1), process.chances(0.6));

    assertThat(posterior.given(Dense.MASK, oneHot(1)))
        .containsExactly(new double[] {0.02, 0.92, 0.02, 0.02, 0.02, 0}, NEAR);
    assertThat(posterior.given(3, oneHot(1)))
        .containsExactly(new double[] {0, 0, 0, 1, 0, 0}, NEAR);
  }

  @Test
  void whereNothingScattersARealTokenIsTheCleanOneWhateverTheGuess() {
    var posterior = new Posterior(new Absorb().chances(0.8), new Absorb().chances(0.4));

    assertThat(posterior.given(3, oneHot(1))).containsExactly(0, 0, 0, 1, 0, 0);
  }

  @Test
  void allIsMaskedWhenTheEarlierStateIs() {
    var posterior = new Posterior(new Absorb().chances(0), new Absorb().chances(0));

    assertThat(posterior.given(Dense.MASK, oneHot(1))).containsExactly(0, 0, 0, 0, 0, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> posterior.refreshed(oneHot(1)))
        .withMessageContaining("no token is real");
  }

  @Test
  void aGuessThatIsNoDistributionIsRefused() {
    var posterior = new Posterior(new Absorb().chances(0.8), new Absorb().chances(0.4));

    for (double[] guess :
        List.of(
            new double[] {0.5, 0.4},
            new double[] {1.5, -0.5},
            new double[] {Double.NaN, 1},
            new double[] {})) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> posterior.given(guess.length, guess))
          .withMessageContaining("guess");
      assertThatIllegalArgumentException().isThrownBy(() -> posterior.refreshed(guess));
    }
  }

  @Test
  void aTokenOutsideTheVocabularyIsRefused() {
    var posterior = new Posterior(new Absorb().chances(0.8), new Absorb().chances(0.4));

    for (int now : new int[] {-1, Dense.STATES}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> posterior.given(now, oneHot(0)))
          .withMessage("now is %d; expected a token from 0 to 4, or 5 for the mask", now);
    }
  }

  /** Every certainty, and three of no special shape. */
  private static List<double[]> guesses() {
    List<double[]> guesses = new ArrayList<>();
    for (int token = 0; token < Dense.TOKENS; token++) {
      guesses.add(oneHot(token));
    }
    for (int kind = 0; kind < 3; kind++) {
      var draws = new Rng(7).stream(Rng.Purpose.TOKEN, kind, 0);
      double[] guess = new double[Dense.TOKENS];
      Arrays.setAll(guess, draws::uniform);
      double sum = Arrays.stream(guess).sum();
      Arrays.setAll(guess, token -> guess[token] / sum);
      guesses.add(guess);
    }
    return guesses;
  }

  private static double[] oneHot(int token) {
    double[] guess = new double[Dense.TOKENS];
    guess[token] = 1;
    return guess;
  }
}
