package dev.anneal.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.CausalContext;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What networks make of rows in front of their heads. */
@ExtendWith(InScope.class)
final class FeaturesTest {

  static List<Architecture> networks() {
    return List.of(Networks.SMALL, Networks.GPT);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theHeadMakesLogitsOfThem(Architecture shape) {
    int[] wanted = {6, 1};
    var pattern = AttentionPattern.settledActive(new CausalContext(), 0, 4, 0);
    int[] places = IntStream.range(0, 4).toArray();
    var window =
        new Window(
            Networks.randomIds(2, 4, 3),
            new int[][] {places, places},
            Collections.nCopies(2, pattern),
            0);
    try (Parameters parameters = Networks.random(shape, 5);
        Network network = shape.network(parameters)) {
      Tensor features = network.features(window, wanted);
      assertThat(features.shape()).containsExactly(2, 16);
      Tensor logits =
          parameters
              .find("output.weight")
              .map(
                  weight ->
                      Nn.linear(features, weight, parameters.get("output.bias"))
                          .narrow(1, 0, shape.tokens()))
              .orElseGet(
                  () ->
                      Nn.linear(
                          features, parameters.get("embedding").narrow(0, 0, shape.tokens())));
      double[] expected = network.logits(window, KvCache.none(), wanted).toDoubles();
      assertThat(Networks.largestDifference(logits.toDoubles(), expected)).isLessThan(1e-5);
    }
  }
}
