package dev.anneal.model;

import static dev.anneal.model.Networks.largestDifference;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.CausalContext;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Weights that stay as they are. */
final class FixedParametersTest {
  private static final int WIDTH = 5;

  private final int[] places = IntStream.range(0, WIDTH).toArray();
  private final Window window =
      new Window(
          Networks.randomIds(2, WIDTH, 3),
          new int[][] {places, places},
          new double[][] {{1, 2, 3, 2, 1}, {0.5, 1, 2, 2, 1}},
          Collections.nCopies(2, AttentionPattern.settledActive(new CausalContext(), 0, WIDTH, 0)),
          0);

  private double[] logits(Network network, int... rows) {
    try (Scope scope = Scope.withoutGradient()) {
      return network.logits(window, KvCache.none(), rows).toDoubles();
    }
  }

  @ParameterizedTest
  @FieldSource("dev.anneal.model.Networks#ALL")
  void theyGiveTheLogitsOfWeightsThatMayChange(Architecture architecture) {
    try (Parameters parameters = Networks.random(architecture, 7);
        Network network = architecture.network(parameters);
        Parameters same = Networks.random(architecture, 7).fixed();
        Network fixed = architecture.network(same)) {
      assertThat(largestDifference(logits(fixed, 8, 1), logits(network, 8, 1))).isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @FieldSource("dev.anneal.model.Networks#ALL")
  void theyAreLaidOutOnceAndLetGo(Architecture architecture) {
    long before = Tensor.live();
    try (Parameters parameters = Networks.random(architecture, 7).fixed();
        Network network = architecture.network(parameters)) {
      logits(network, 0);
      long once = Tensor.live();
      logits(network, 3);
      assertThat(Tensor.live()).isEqualTo(once);
    }
    assertThat(Tensor.live()).isEqualTo(before);
  }
}
