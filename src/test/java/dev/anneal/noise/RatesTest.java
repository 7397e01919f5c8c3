package dev.anneal.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RatesTest {

  private static final double[] SURVIVALS = {1e-6, 0.005, 0.3, 0.9, 0.9999, 1 - 1e-7};

  /** By hand, of k = α/C, u = (α + c)/C, C = 1 + c and c = (4tα)^(γ/2) p/(1 − p). */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 2})
  void giddScattersFastAtFirst(double exponent) {
    for (double alpha : SURVIVALS) {
      double time = 1 - alpha;
      double scattered = 0.25 * Math.pow(4 * time * alpha, exponent / 2);
      double slope = scattered * exponent / 2 * (1 / time - 1 / alpha); // dc/dt
      double whole = slope / (1 + scattered);
      double masking = alpha * (whole - (slope - 1) / (alpha + scattered));
      double scattering = 1 + alpha * whole - masking;
      Rates rates = new Gidd(0.2, exponent).rates(alpha);
      assertThat(rates.scattering() / scattering).as("%s", alpha).isCloseTo(1, within(1e-6));
      assertThat(rates.masking() / masking).as("%s", alpha).isCloseTo(1, within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.3, 1})
  void aGammaHybridScattersAtGammaAndMasksAtTheRest(double gamma) {
    for (double alpha : SURVIVALS) {
      assertRates(new GammaHybrid(gamma), alpha, gamma, 1 - gamma);
    }
  }

  @Test
  void absorbOnlyMasksAndUniformOnlyScatters() {
    for (double alpha : SURVIVALS) {
      assertRates(new Absorb(), alpha, 0, 1);
      assertRates(new Uniform(), alpha, 1, 0);
    }
  }

  @Test
  void anEpsilonHybridHasScatteredAtTheStartAndOnlyMasksSince() {
    for (double alpha : SURVIVALS) {
      assertRates(new EpsilonHybrid(0.2), alpha, 0, 1);
    }
  }

  @Test
  void whatIsRoundingAloneIsNoRate() {
    for (double sigma = 1e-9; sigma < 30; sigma *= 1.3) {
      double alpha = Math.exp(-sigma);
      assertThat(new EpsilonHybrid(0.1).rates(alpha).scattering()).as("%s", sigma).isZero();
      assertThat(new Uniform().rates(alpha).masking()).as("%s", sigma).isZero();
      assertThat(new GammaHybrid(1e-4).rates(alpha).scattering()).as("%s", sigma).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, -0.5, Double.NaN})
  void noiseHasNoRateWhereItHasNotBegun(double alpha) {
    assertThatThrownBy(() -> new Absorb().rates(alpha))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected at least 0, below 1");
  }

  @Test
  void whereNothingSurvivesNothingHappens() {
    assertThat(new GammaHybrid(0.3).rates(0)).isEqualTo(new Rates(0, 0));
  }

  private static void assertRates(NoiseProcess process, double alpha, double scatter, double mask) {
    Rates rates = process.rates(alpha);
    assertThat(rates.scattering()).as("%s %s", process, alpha).isCloseTo(scatter, within(1e-7));
    assertThat(rates.masking()).as("%s %s", process, alpha).isCloseTo(mask, within(1e-7));
  }
}
