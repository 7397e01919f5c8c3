package dev.anneal.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RatesTest {

  private static final double[] SURVIVALS = {1e-6, 0.005, 0.3, 0.9, 0.9999, 1 - 1e-7};

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
