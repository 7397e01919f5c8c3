package dev.anneal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.model.Conditioning.FinalLayer;
import dev.anneal.model.Conditioning.Output;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
final class ParametersTest {
  private static final TransformerShape SHAPE = new TransformerShape(5, 1, 2, 8, 4);

  @Test
  void publishedNetworksHaveAsManyParametersAsTheirs() {
    var gamma = new Conditioning(128, 0.01, FinalLayer.PLAIN, Output.SCORE);
    assertThat(Parameters.count(paper(Optional.empty()))).isEqualTo(162_246_482);
    assertThat(Parameters.count(paper(Optional.of(gamma)))).isEqualTo(169_429_074);
    int mask = 768;
    assertThat(Parameters.count(new GptShape(50257, 12, 12, 768, 1024)))
        .isEqualTo(124_439_808 + mask);
  }

  private static TransformerShape paper(Optional<Conditioning> conditioning) {
    return new TransformerShape(50257, 12, 12, 768, 1024, conditioning);
  }

  @Test
  void initialWeightsFillTheirRange() {
    try (Parameters parameters = Parameters.initial(SHAPE, new Rng(1))) {
      assertThat(range(parameters.get("embedding")))
          .isBetween(0.9 / Math.sqrt(8), 1 / Math.sqrt(8));
      assertThat(range(parameters.get("blocks.0.feed_forward.down.weight")))
          .isBetween(0.9 / Math.sqrt(32), 1 / Math.sqrt(32));
      assertThat(parameters.get("blocks.0.attention.norm").toDoubles()).containsOnly(1);
      assertThat(parameters.get("output.weight").toDoubles()).containsOnly(0);
      assertThat(Parameters.count(SHAPE)).isEqualTo(count(SHAPE));
    }
  }

  private static long count(TransformerShape shape) {
    int width = shape.channels();
    int vocabulary = shape.vocabulary();
    return (2L * vocabulary * width + vocabulary + width)
        + shape.layers() * (12L * width * width + 7L * width);
  }

  @Test
  void initialWeightsAreAFunctionOfTheSeed() {
    try (Parameters first = Parameters.initial(SHAPE, new Rng(1));
        Parameters same = Parameters.initial(SHAPE, new Rng(1));
        Parameters other = Parameters.initial(SHAPE, new Rng(2))) {
      String name = "blocks.0.attention.output";
      assertThat(same.get(name).toFloats()).isEqualTo(first.get(name).toFloats());
      assertThat(other.get(name).toFloats()).isNotEqualTo(first.get(name).toFloats());
      assertThat(first.get("blocks.0.attention.query_key_value").narrow(0, 0, 8).toFloats())
          .as("another parameter has other weights")
          .isNotEqualTo(first.get(name).toFloats());
    }
  }

  @Test
  void aCopyHasMemoryOfItsOwn() {
    try (Parameters original = Parameters.initial(SHAPE, new Rng(1));
        Parameters copy = original.copyTo(Device.CPU)) {
      float[] before = original.get("embedding").toFloats();
      copy.get("embedding").fill_(0);
      assertThat(original.get("embedding").toFloats()).isEqualTo(before);
      assertThat(copy.all().keySet()).containsExactlyElementsOf(original.all().keySet());
      assertThat(copy.get("output.norm").toDoubles()).containsOnly(1);
    }
  }

  @Test
  void givenWeightsAreTakenInTheOrderOfTheShape() {
    try (Parameters given = Parameters.of(SHAPE, zeros())) {
      assertThat(given.all().keySet()).containsExactlyElementsOf(Parameters.shapes(SHAPE).keySet());
    }
  }

  @Test
  void everyMissingExtraAndMisshapenTensorIsNamedAtOnce() {
    Map<String, Tensor> tensors = zeros();
    tensors.remove("output.bias");
    tensors.put("output.scale", Tensors.zeros(DType.FLOAT32, Device.CPU, 8));
    tensors.put("embedding", Tensors.zeros(DType.FLOAT32, Device.CPU, 7, 8));
    assertThatThrownBy(() -> Parameters.of(SHAPE, tensors))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("embedding is FLOAT32[7, 8], expected FLOAT32[6, 8]")
        .hasMessageContaining("output.bias is missing")
        .hasMessageContaining("output.scale is unknown");
  }

  @Test
  void weightsOfAnotherTypeAreRefused() {
    Map<String, Tensor> tensors = zeros();
    tensors.put("output.norm", Tensors.zeros(DType.FLOAT64, Device.CPU, 8));
    assertThatThrownBy(() -> Parameters.of(SHAPE, tensors))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("output.norm is FLOAT64[8], expected FLOAT32[8]");
  }

  @Test
  void refusedWeightsStayWithTheirScope() {
    long before = Tensor.live();
    try (Scope inner = Scope.open()) {
      Map<String, Tensor> tensors = zeros();
      tensors.remove("output.bias");
      assertThatThrownBy(() -> Parameters.of(SHAPE, tensors))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Tensor.live()).isEqualTo(before);
  }

  @Test
  void anUnknownNameIsRefused() {
    try (Parameters parameters = Parameters.initial(SHAPE, new Rng(1))) {
      assertThatThrownBy(() -> parameters.get("embeding"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("embeding");
    }
  }

  @Test
  void shapesThatCannotBeBuiltAreRefused() {
    assertThatThrownBy(() -> new TransformerShape(5, 1, 2, 6, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("channels 6: expected a multiple of twice the heads, 4");
    assertThatThrownBy(() -> new TransformerShape(0, 1, 2, 8, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokens 0: expected at least 1");
  }

  private static Map<String, Tensor> zeros() {
    var tensors = new HashMap<String, Tensor>();
    Parameters.shapes(SHAPE)
        .forEach(
            (name, sizes) ->
                tensors.put(
                    name,
                    Tensors.zeros(
                        DType.FLOAT32,
                        Device.CPU,
                        sizes.stream().mapToLong(Long::longValue).toArray())));
    return tensors;
  }

  private static double range(Tensor tensor) {
    return Arrays.stream(tensor.toDoubles()).map(Math::abs).max().orElseThrow();
  }
}
