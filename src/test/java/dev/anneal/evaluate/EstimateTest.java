package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EstimateTest {

  @ParameterizedTest
  @CsvSource({
    "4917.0115, 196.1144, 4917 ± 196",
    "47.31, 2.04, 47.3 ± 2.0",
    "4.82413, 0.01171, 4.824 ± 0.012",
    "0.98765, 0.0000321, 0.9877 ± 0.0000",
    "0.5, 0, 0.5000 ± 0.0000",
    "0.5, 1, 0.5 ± 1.0",
    "0.5, NaN, 0.5000 ± NaN",
    "1234.5, Infinity, 1235 ± Infinity"
  })
  void anErrorIsShownWithTwoDigitsAndTheNumberWithAsMany(
      double value, double error, String described) {
    assertThat(new Estimate(value, OptionalDouble.of(error), 9).described()).isEqualTo(described);
  }

  @Test
  void aNumberWithoutAnErrorHasFourDecimals() {
    assertThat(new Estimate(0.973512, OptionalDouble.empty(), 9).described()).isEqualTo("0.9735");
  }
}
