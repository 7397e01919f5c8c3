package dev.anneal.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharesTest {

  private static final int TOKENS = 4;
  private static final int PRESENT = 2;

  /** Many draws, evenly spread: how often each token comes, and the guess. */
  private static double[] frequencies(Shares shares) {
    int draws = 100_000;
    double[] counts = new double[TOKENS + 1];
    for (int i = 0; i < draws; i++) {
      double draw = (i + 0.5) / draws;
      int cell = shares.asksTheGuess(draw) ? TOKENS : shares.token(draw, PRESENT, TOKENS);
      counts[cell] += 1.0 / draws;
    }
    return counts;
  }

  @Test
  void aDrawFallsToEachPartAsOftenAsItsShareSays() {
    assertThat(frequencies(new Shares(0.3, 0.2, 0.5)))
        .containsExactly(new double[] {0.05, 0.05, 0.35, 0.05, 0.5}, within(1e-4));
    assertThat(frequencies(Shares.NOW)).containsExactly(new double[] {0, 0, 1, 0, 0}, within(1e-9));
    assertThat(frequencies(Shares.GUESS))
        .containsExactly(new double[] {0, 0, 0, 0, 1}, within(1e-9));
    assertThat(frequencies(new Shares(0, 1, 0)))
        .containsExactly(new double[] {0.25, 0.25, 0.25, 0.25, 0}, within(1e-4));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0", "0.75, 0.5", "0.9999, 0.9998"})
  void aDrawWithinTheGuessIsUniformAgain(double draw, double within) {
    assertThat(new Shares(0.3, 0.2, 0.5).withinGuess(draw)).isCloseTo(within, within(1e-12));
  }

  @Test
  void theGreatestDrawIsWithinItsPart() {
    double greatest = Math.nextDown(1.0);
    assertThat(new Shares(0.5 + 1e-10, 0.5, 0).token(greatest, PRESENT, TOKENS))
        .isEqualTo(TOKENS - 1);
    assertThat(new Shares(1 - 1e-10, 0, 0).token(greatest, PRESENT, TOKENS)).isEqualTo(PRESENT);
    assertThat(new Shares(0.1, 0.2, 0.7 - 1e-10).withinGuess(greatest)).isLessThan(1);
  }

  @Test
  void sharesThatDoNotSumToOneAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Shares(0.5, 0.4, 0))
        .withMessageContaining("now 0.5, uniform 0.4");
    assertThatIllegalArgumentException().isThrownBy(() -> new Shares(1.5, -0.5, 0));
  }

  /** Long first-order steps would change a token with more than certainty. */
  @Test
  void toFirstOrderAStepThatIsTooLongIsCut() {
    Chances state = new Uniform().chances(0.5);
    Shares cut = Posterior.firstOrderShares(1e6, state, 0.1, TOKENS);
    assertThat(cut.now()).isZero();
    // uniform : guess = c·W : k/c, W = (1 − g)/c + g/(N·k + c), with k = c = 1/2
    double uniform = 0.5 * (0.9 / 0.5 + 0.1 / 2.5);
    assertThat(cut.uniform()).isCloseTo(uniform / (uniform + 1), within(1e-12));
  }

  /** q(earlier | now) to first order: its error goes with the square of the step. */
  @ParameterizedTest
  @CsvSource({"0.1", "0.9"})
  void toFirstOrderTheErrorOfAStepGoesWithItsSquare(double gamma) {
    var process = new GammaHybrid(gamma);
    double before = error(process, 0.02);
    assertThat(error(process, 0.01) / before).isCloseTo(0.25, within(0.03));
  }

  private static double error(NoiseProcess process, double step) {
    double alpha = 0.4;
    Chances later = process.chances(alpha);
    Shares exact =
        new Posterior(process.chances(alpha * Math.exp(step)), later).shares(0.3, TOKENS);
    double scatters = Rates.of(process, alpha).scattering() * step;
    return Posterior.firstOrderShares(scatters, later, 0.3, TOKENS).now() - exact.now();
  }
}
