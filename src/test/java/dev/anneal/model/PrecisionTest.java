package dev.anneal.model;

import static dev.anneal.model.Networks.largestDifference;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.CausalContext;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Networks that multiply in bfloat16: what becomes coarser, and what stays float32. */
@ParameterizedClass
@FieldSource("dev.anneal.model.Networks#ALL")
final class PrecisionTest {

  /** Of the largest number: some steps of bfloat16, whose mantissa has 8 bits. */
  private static final double TOLERANCE = 8 * 0x1p-8;

  /** Of a gradient's norm; random weights make errors grow from layer to layer. */
  private static final double GRADIENT_TOLERANCE = 0.125;

  private static final int SETTLED = 3;
  private static final int ACTIVE = 4;
  private static final int[] WANTED = IntStream.range(SETTLED, SETTLED + ACTIVE).toArray();

  /** Who makes the weights ready. */
  enum Weights {
    CHANGING,
    FIXED;

    Parameters of(Architecture architecture, Precision precision) {
      Parameters parameters = Networks.random(architecture, 7).multiplyIn(precision);
      return this == FIXED ? parameters.fixed() : parameters;
    }
  }

  private final Architecture architecture;

  PrecisionTest(Architecture architecture) {
    this.architecture = architecture;
  }

  private static Window window(int cached, int settled) {
    var pattern = AttentionPattern.settledActive(new CausalContext(), cached, settled, ACTIVE);
    int[] places = IntStream.range(cached, cached + pattern.rows()).toArray();
    double[] sigmas = Networks.randomSigmas(pattern.rows(), 3);
    Arrays.fill(sigmas, 0, settled - cached, 0);
    return new Window(
        Networks.randomIds(2, pattern.rows(), 3),
        new int[][] {places, places},
        new double[][] {sigmas, sigmas},
        Collections.nCopies(2, pattern),
        settled - cached);
  }

  private double[] logits(Weights weights, Precision precision) {
    try (Scope scope = Scope.withoutGradient();
        Parameters parameters = weights.of(architecture, precision);
        Network network = architecture.network(parameters)) {
      Tensor logits = network.logits(window(0, SETTLED), KvCache.none(), WANTED);
      assertThat(logits.dtype()).isEqualTo(DType.FLOAT32);
      return logits.toDoubles();
    }
  }

  @ParameterizedTest
  @EnumSource
  void bfloat16GivesNearlyTheLogitsOfFloat32(Weights weights) {
    double[] exact = logits(weights, Precision.FLOAT32);
    assertThat(largestDifference(logits(weights, Precision.BFLOAT16), exact))
        .isBetween(1e-4, TOLERANCE * largest(exact)); // below it would be float32
  }

  @Test
  void aSharedCallWithACacheGivesNearlyTheLogitsOfFloat32() {
    double[] exact = cached(Precision.FLOAT32);
    assertThat(largestDifference(cached(Precision.BFLOAT16), exact))
        .isLessThan(TOLERANCE * largest(exact));
  }

  /** The logits of a second call, whose three rows and padding see what the first has cached. */
  private double[] cached(Precision precision) {
    try (Scope scope = Scope.withoutGradient();
        Parameters parameters = Weights.FIXED.of(architecture, precision);
        Network network = architecture.network(parameters);
        KvCache cache = network.newCache(2, 16)) {
      network.answers(List.of(new Question(window(0, SETTLED), cache, WANTED)));
      var second = new Question(window(SETTLED, SETTLED), cache, new int[] {0, 5, 2});
      return network.answers(List.of(second)).getFirst().toDoubles();
    }
  }

  @Test
  void aCacheTakesHalfTheMemory() {
    try (Parameters exact = Weights.FIXED.of(architecture, Precision.FLOAT32);
        Parameters coarse = Weights.FIXED.of(architecture, Precision.BFLOAT16);
        Network first = architecture.network(exact);
        Network second = architecture.network(coarse);
        KvCache whole = first.newCache(2, 16);
        KvCache half = second.newCache(2, 16)) {
      assertThat(half.bytes() * 2).isEqualTo(whole.bytes());
    }
  }

  @Test
  void gradientsAreFloat32AndNearlyThoseOfFloat32() {
    try (Scope scope = Scope.open();
        Parameters exact = learned(Precision.FLOAT32);
        Parameters coarse = learned(Precision.BFLOAT16)) {
      exact
          .all()
          .forEach(
              (name, weight) -> {
                Tensor gradient = coarse.get(name).gradient();
                assertThat(gradient.dtype()).as(name).isEqualTo(DType.FLOAT32);
                assertThat(coarse.get(name).dtype()).as(name).isEqualTo(DType.FLOAT32);
                Tensor error = gradient.subtract(weight.gradient());
                assertThat(norm(error))
                    .as(name)
                    .isLessThanOrEqualTo(GRADIENT_TOLERANCE * norm(weight.gradient()));
              });
    }
  }

  /** Weights with the gradient of some outputs' cross-entropy. */
  private Parameters learned(Precision precision) {
    Parameters parameters = Weights.CHANGING.of(architecture, precision).requireGradient();
    try (Network network = architecture.network(parameters)) {
      Tensor logits = network.logits(window(0, SETTLED), KvCache.none(), WANTED);
      Nn.crossEntropy(logits, Tensors.of(new int[] {0, 3, 7, 10}, ACTIVE)).sum().backward();
    }
    return parameters;
  }

  @Test
  void copiesMultiplyInTheSamePrecision() {
    try (Parameters parameters = Weights.CHANGING.of(architecture, Precision.BFLOAT16);
        Parameters copy = parameters.copyTo(Device.CPU)) {
      assertThat(copy.placement()).isEqualTo(new Placement(Device.CPU, Precision.BFLOAT16));
      assertThat(copy.fixed().placement()).isEqualTo(parameters.placement());
    }
  }

  private static double norm(Tensor tensor) {
    return Math.sqrt(tensor.multiply(tensor).sum().item());
  }

  private static double largest(double[] numbers) {
    return Arrays.stream(numbers).map(Math::abs).max().orElseThrow();
  }
}
