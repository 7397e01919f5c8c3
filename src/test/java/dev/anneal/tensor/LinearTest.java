package dev.anneal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to a linear layer's product: with a gradient, without one, with fixed weights. */
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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 33, 300})
  void fixedWeightsGiveTheSameProduct(int rows) {
    Tensor input = random(0, 1, rows, CHANNELS);
    Tensor weight = random(1, OUTPUTS, CHANNELS);
    Tensor bias = random(2, OUTPUTS);
    double[] expected = Nn.linear(input, weight, bias).toDoubles();
    double[] bent = Nn.gelu(Nn.linear(input, weight, bias)).toDoubles();
    double[] unbiased = Nn.linear(input, weight).toDoubles();
    double[] unbiasedBent = Nn.gelu(Nn.linear(input, weight)).toDoubles();
    try (Scope scope = Scope.withoutGradient();
        var biased = new FixedLinear(weight, Optional.of(bias));
        var plain = new FixedLinear(weight, Optional.empty())) {
      assertThat(biased.of(input).toDoubles()).containsExactly(expected, within(1e-5));
      assertThat(plain.of(input).toDoubles()).containsExactly(unbiased, within(1e-5));
      assertThat(biased.gelu(input).toDoubles()).containsExactly(bent, within(1e-5));
      assertThat(plain.gelu(input).toDoubles()).containsExactly(unbiasedBent, within(1e-5));
    }
  }

  @Test
  void fixedWeightsMayBeThePartOfATableThatAScopeHasFreed() {
    Tensor input = random(0, 2, CHANNELS);
    Tensor table = random(1, OUTPUTS + 1, CHANNELS);
    double[] expected = Nn.linear(input, table.narrow(0, 0, OUTPUTS)).toDoubles();
    FixedLinear part;
    try (Scope scope = Scope.open()) { // with a gradient: the table's own memory is used
      part = new FixedLinear(table.narrow(0, 0, OUTPUTS), Optional.empty());
    }
    try (part) {
      assertThat(part.of(input).toDoubles()).containsExactly(expected, within(1e-5));
    }
  }

  @Test
  void fixedWeightsAreFreed() {
    Tensor weight = random(1, OUTPUTS, CHANNELS);
    long live = Tensor.live();
    try (Scope scope = Scope.withoutGradient();
        var fixed = new FixedLinear(weight, Optional.empty())) {
      assertThat(fixed.of(random(0, 2, CHANNELS)).shape()).containsExactly(2, OUTPUTS);
      assertThat(Tensor.live()).isGreaterThan(live);
    }
    assertThat(Tensor.live()).isEqualTo(live);
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
