package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Areas against those that the published formulas give in numpy. */
final class DivergenceCurveTest {

  private static double[] chances(double... chances) {
    return chances;
  }

  @Test
  void theAreaIsThePublishedOne() {
    assertThat(DivergenceCurve.area(chances(0.5, 0.5), chances(0.25, 0.75)))
        .isCloseTo(0.941004347338902, within(1e-12));
    assertThat(DivergenceCurve.area(chances(0.1, 0.2, 0.3, 0.4), chances(0.4, 0.3, 0.2, 0.1)))
        .isCloseTo(0.6538536633533254, within(1e-12));
    assertThat(DivergenceCurve.area(chances(0.2, 0.8, 0), chances(0, 0.3, 0.7)))
        .isCloseTo(0.07610246066899853, within(1e-12));
    assertThat(DivergenceCurve.area(chances(1, 0), chances(0, 1)))
        .isCloseTo(0.0040720962619612555, within(1e-12));
  }

  @Test
  void theSameChancesHaveAreaOne() {
    double[] chances = chances(0.2, 0, 0.5, 0.3);
    assertThat(DivergenceCurve.area(chances, chances)).isCloseTo(1, within(1e-9));
  }

  @Test
  void theAreaIsThatOfTheOtherWayRound() {
    double[] first = chances(0.7, 0.2, 0.1);
    double[] second = chances(0.1, 0.6, 0.3);
    assertThat(DivergenceCurve.area(first, second))
        .isCloseTo(DivergenceCurve.area(second, first), within(1e-12));
  }
}
