package dev.anneal.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.noise.Dense.Truth;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseProcessTest {

  private static final double[] SIGMAS = {0, 0.1, 0.7, 1, 2.5, 5};

  static List<Truth> truths() {
    return Dense.truths();
  }

  @ParameterizedTest
  @MethodSource("truths")
  void marginalsAreTheColumnsOfTheMatrixExponential(Truth truth) {
    for (double sigma : SIGMAS) {
      assertThat(Dense.largestDifference(Dense.of(truth.chances(sigma)), truth.marginal(sigma)))
          .isLessThan(1e-10);
    }
  }

  @ParameterizedTest
  @MethodSource("truths")
  void kernelsAreMatrixExponentials(Truth truth) {
    for (double earlier : SIGMAS) {
      for (double later : SIGMAS) {
        if (earlier <= later) {
          Chances kernel = truth.chances(later).since(truth.chances(earlier));
          assertThat(Dense.largestDifference(Dense.of(kernel), truth.transition(earlier, later)))
              .isLessThan(1e-10);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("truths")
  void theInverseExponentialTakesTheNoiseBack(Truth truth) {
    for (double sigma : SIGMAS) {
      double[][] back = Dense.times(truth.transition(sigma, 0), Dense.of(truth.chances(sigma)));
      assertThat(Dense.largestDifference(back, Dense.of(truth.chances(0)))).isLessThan(1e-10);
    }
  }

  /** (1−γ)·Q_absorb + γ·Q_uniform, cell by cell. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.3, 1})
  void theSlopeOfTheGammaHybridIsTheMixtureOfTheRates(double gamma) {
    double step = 1e-6;
    double[][] moved = Dense.of(new GammaHybrid(gamma).chances(Math.exp(-step)));
    for (int from = 0; from < Dense.STATES; from++) {
      double sum = 0;
      for (int to = 0; to < Dense.STATES; to++) {
        double slope = (moved[to][from] - (to == from ? 1 : 0)) / step;
        double rate = to == Dense.MASK ? 1 - gamma : gamma / Dense.TOKENS - (to == from ? 1 : 0);
        assertThat(slope).isCloseTo(from == Dense.MASK ? 0 : rate, within(1e-5));
        sum += slope;
      }
      assertThat(sum).isCloseTo(0, within(1e-9));
    }
  }

  @Test
  void withGammaOneTheMaskIsNeverReached() {
    for (double alpha : new double[] {0, 1e-300, 0.1, 0.7, 1}) {
      Chances chances = new GammaHybrid(1).chances(alpha);
      assertThat(chances.masked()).isZero();
      assertThat(chances.scattered()).isCloseTo(1 - alpha, within(1e-15));
    }
  }

  @Test
  void aHybridWithoutItsUniformShareIsAbsorbToTheLastBit() {
    for (double alpha : new double[] {0, 1e-300, 0.1, 0.3, 0.7, 1}) {
      assertThat(new EpsilonHybrid(0).chances(alpha)).isEqualTo(new Absorb().chances(alpha));
      assertThat(new GammaHybrid(0).chances(alpha)).isEqualTo(new Absorb().chances(alpha));
      assertThat(new Gidd(0, 1).chances(alpha)).isEqualTo(new Absorb().chances(alpha));
    }
  }

  @Test
  void theGammaHybridEndsInMasksUnlessItNeverMasks() {
    assertThat(new GammaHybrid(0.99).chances(0)).isEqualTo(new Chances(0, 0, 1));
    assertThat(new GammaHybrid(1).chances(0)).isEqualTo(new Chances(0, 1, 0));
  }

  @Test
  void aTinyGammaKeepsItsDigits() {
    double scattered = new GammaHybrid(1e-12).chances(0.5).scattered();

    assertThat(scattered / (1e-12 * 0.5 * Math.log(2))).isCloseTo(1, within(1e-9));
  }

  @Test
  void theEpsilonHybridScattersOnlyAtTheStart() {
    var process = new EpsilonHybrid(1e-6);

    assertThat(process.chances(1).scattered()).isEqualTo(1e-6);
    assertThat(process.chances(0.3).since(process.chances(0.7)).scattered()).isLessThan(1e-20);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1, 2})
  void theScatteredShareOfGiddIsGreatestInTheMiddle(double exponent) {
    var process = new Gidd(0.2, exponent);

    assertThat(process.chances(0.5).scattered()).isCloseTo(0.2, within(1e-15));
    for (double alpha : new double[] {0, 0.1, 0.4, 0.6, 0.9, 1}) {
      assertThat(process.chances(alpha).scattered()).isLessThanOrEqualTo(0.2 + 1e-15);
    }
    assertThat(process.chances(0.3).scattered())
        .isCloseTo(process.chances(0.7).scattered(), within(1e-15));
  }

  @Test
  void giddIsCleanAtItsStartAndMaskedAtItsEndIfItsPeakIsOne() {
    assertThat(new Gidd(0.2, 1).chances(1)).isEqualTo(Chances.CLEAN);
    assertThat(new Gidd(0.2, 1).chances(0)).isEqualTo(new Chances(0, 0, 1));
  }

  @Test
  void noKernelFollowsASharperPeakThanGiddIsAllowed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> peaked(2.5, 0.02).since(peaked(2.5, 0.1)))
        .withMessageContaining("cannot follow");
    peaked(2, 0.02).since(peaked(2, 0.1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Gidd(0.2, 2.5))
        .withMessage("exponent is 2.5; expected a number from 0 to 2");
  }

  /** GIDD's chances, of any exponent. */
  private static Chances peaked(double exponent, double alpha) {
    double scattered = 0.25 * Math.pow(4 * alpha * (1 - alpha), exponent / 2);
    double whole = 1 + scattered;
    return new Chances(alpha / whole, scattered / whole, (1 - alpha) / whole);
  }

  @Test
  void aPeakThatLeavesNothingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Gidd(1, 1))
        .withMessage("uniform is 1.0; expected at least 0 and less than 1");
  }

  @Test
  void statesOfDifferentProcessesDoNotFollow() {
    Chances absorbed = new Absorb().chances(0.5);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> absorbed.since(new Uniform().chances(0.9)))
        .withMessageContaining("cannot follow");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> absorbed.since(new Absorb().chances(0)))
        .withMessageContaining("cannot follow");
  }

  @Test
  void aNegativeScatterIsForgivenWhenItIsRounding() {
    Chances later = new Chances(0.5, 0, 0.5);

    assertThat(later.since(new Chances(0.5, 1e-13, 0.5)).scattered()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> later.since(new Chances(0.5, 1e-11, 0.5 - 1e-11)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, 1 + 1e-9, Double.NaN, Double.NEGATIVE_INFINITY})
  void aParameterThatIsNoChanceIsRefused(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EpsilonHybrid(value))
        .withMessage("epsilon is %s; expected a number from 0 to 1", value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GammaHybrid(value))
        .withMessage("gamma is %s; expected a number from 0 to 1", value);
  }

  @Test
  void chancesThatDoNotSumToOneAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Chances(0.5, 0.25, 0.2))
        .withMessageContaining("expected 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Chances(1.5, -0.5, 0))
        .withMessage("kept is 1.5; expected a number from 0 to 1");
  }

  @ParameterizedTest
  @MethodSource("truths")
  void ratesAreThoseOfTheOperators(Truth truth) {
    for (double sigma : new double[] {0.01, 0.7, 5}) {
      Rates rates = truth.process().rates(Math.exp(-sigma));
      double[][] shortly = truth.transition(sigma - 1e-7, sigma + 1e-7);
      double scattering = shortly[1][0] * Dense.TOKENS / 2e-7;
      assertThat(rates.scattering()).isCloseTo(scattering, within(1e-5));
      assertThat(rates.masking()).isCloseTo(shortly[Dense.MASK][0] / 2e-7, within(1e-5));
    }
  }

  /** The published log-linear schedule leaves 0.005; its sigma at time 1 is 5.298. */
  @ParameterizedTest
  @CsvSource({"0.01, 0.99973", "0.05, 0.99848", "0.1, 0.99649"})
  void thePriorOfTheGammaHybridIsWhatIsLostAtTheSchedulesEnd(double gamma, double masked) {
    var noise = new Noise(new GammaHybrid(gamma), new LogLinear(0.005));
    assertThat(noise.prior().masked()).isCloseTo(masked, within(1e-5));
    assertThat(noise.prior().kept()).isZero();
  }

  @Test
  void thePriorOfAPureProcessIsPure() {
    assertThat(new Noise(new Absorb(), new LogLinear(0.01)).prior())
        .isEqualTo(new Chances(0, 0, 1));
    assertThat(new Noise(new Uniform(), new LogLinear(0.01)).prior())
        .isEqualTo(new Chances(0, 1, 0));
    assertThat(new Noise(new EpsilonHybrid(0.1), new Linear()).prior())
        .isEqualTo(new Chances(0, 0, 1));
  }
}
