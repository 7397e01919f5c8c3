package dev.anneal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to a linear layer's product: with a gradient and without one. */
@ExtendWith(InScope.class)
final class LinearTest {
  private static final int CHANNELS = 40;
  private static final int OUTPUTS = 24;

  private final Rng rng = new Rng(1);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 33, 300})
  void withoutAGradientTheProductIsTheSame(int rows) {
    Tensor input = random(0, 1, rows, CHANNELS);
    Tensor weight = random(1, OUTPUTS, CHANNELS);
    Tensor bias = random(2, OUTPUTS);
    double[] expected = Nn.linear(input, weight, bias).toDoubles();
    double[] unbiased = Nn.linear(input, weight).toDoubles();
    try (Scope scope = Scope.withoutGradient()) {
      assertThat(Nn.linear(input, weight, bias).shape()).containsExactly(1, rows, OUTPUTS);
      assertThat(Nn.linear(input, weight, bias).toDoubles())
          .containsExactly(expected, within(1e-5));
      assertThat(Nn.linear(input, weight).toDoubles()).containsExactly(unbiased, within(1e-5));
    }
  }

  private Tensor random(int number, long... shape) {
    var draws = rng.stream(Rng.Purpose.WEIGHTS, number, 0);
    float[] values = new float[(int) Shapes.count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) draws.uniform(i) - 0.5f;
    }
    return Tensors.of(values, shape);
  }
}
