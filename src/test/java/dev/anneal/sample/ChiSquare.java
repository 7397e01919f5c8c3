package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** Compares counts with chances: Pearson's test, and the total variation. */
final class ChiSquare {

  /** Cells that expect fewer are put together, as the test's distribution is not theirs. */
  private static final double FEWEST = 5;

  /** The normal quantile of a false alarm of 1e-8: a hundred tests stay below 1e-6. */
  private static final double QUANTILE = 5.612;

  private ChiSquare() {}

  /** Asserts that the counts are drawn with these chances; false alarm 1e-8. */
  static void assertDrawnFrom(double[] chances, long[] counts) {
    double excess = excess(chances, counts);
    assertThat(excess).as("chi-square over its critical value").isLessThan(1);
  }

  /** Pearson's statistic over its critical value: 1 or more is a rejection. */
  static double excess(double[] chances, long[] counts) {
    double total = Arrays.stream(counts).sum();
    double statistic = 0;
    int cells = 0;
    double restExpected = 0;
    double restCounted = 0;
    for (int cell = 0; cell < chances.length; cell++) {
      double expected = chances[cell] * total;
      if (expected < FEWEST) {
        restExpected += expected;
        restCounted += counts[cell];
      } else {
        statistic += square(counts[cell] - expected) / expected;
        cells++;
      }
    }
    if (restExpected > 0) {
      statistic += square(restCounted - restExpected) / Math.max(restExpected, FEWEST);
      cells++;
    } else if (restCounted > 0) {
      return Double.POSITIVE_INFINITY;
    }
    return cells == 1 ? 0 : statistic / critical(cells - 1); // what is certain has come
  }

  /** Half the sum of what frequencies and chances differ by. */
  static double totalVariation(double[] chances, long[] counts) {
    double total = Arrays.stream(counts).sum();
    double sum = 0;
    for (int cell = 0; cell < chances.length; cell++) {
      sum += Math.abs(counts[cell] / total - chances[cell]);
    }
    return sum / 2;
  }

  /** Wilson and Hilferty's approximation of the chi-square quantile. */
  private static double critical(int freedom) {
    double spread = 2.0 / (9 * freedom);
    return freedom * Math.pow(1 - spread + QUANTILE * Math.sqrt(spread), 3);
  }

  private static double square(double number) {
    return number * number;
  }
}
