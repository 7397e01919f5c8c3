package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Components against numpy's singular values. */
final class PrincipalComponentsTest {
  private static final double[][] POINTS = {{2, 0, 1}, {0, 1, 3}, {1, 1, 1}, {4, 2, 0}, {3, 5, 2}};

  /** The first two components of each point, which hold 98 % of the variance; signs are free. */
  private static final double[][] COMPONENTS = {
    {1.3698364403824612, 1.2006676464217807},
    {2.0422972504669454, -1.7227354919744062},
    {1.1754623884554343, 0.14194963455786827},
    {-1.5406568032805494, 1.902007336379597},
    {-3.0469392760242924, -1.52188912538484}
  };

  @Test
  void theFewestComponentsThatHoldTheShareAreKept() {
    assertThat(PrincipalComponents.of(POINTS, 0.6)[0]).hasSize(1);
    assertThat(PrincipalComponents.of(POINTS, 0.9)[0]).hasSize(2);
    assertThat(PrincipalComponents.of(POINTS, 0.99)[0]).hasSize(3);
  }

  @Test
  void theComponentsAreNumpys() {
    assertSame(PrincipalComponents.of(POINTS, 0.9), COMPONENTS);
  }

  @Test
  void fewPointsOfManyChannelsAreReducedAlike() {
    double[][] padded =
        Arrays.stream(POINTS).map(point -> Arrays.copyOf(point, 9)).toArray(double[][]::new);
    assertSame(PrincipalComponents.of(padded, 0.9), COMPONENTS);
  }

  private static void assertSame(double[][] actual, double[][] expected) {
    for (int channel = 0; channel < 2; channel++) {
      double sign = Math.signum(actual[0][channel] * expected[0][channel]);
      for (int point = 0; point < expected.length; point++) {
        assertThat(sign * actual[point][channel]).isCloseTo(expected[point][channel], within(1e-9));
      }
    }
  }
}
