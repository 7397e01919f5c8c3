package dev.anneal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class CudaGraphsTest {

  @Test
  void graphsAreUsedUnlessTheEnvironmentSaysNo() {
    assertThat(CudaGraphs.areWanted(Map.of())).isTrue();
    assertThat(CudaGraphs.areWanted(Map.of("ANNEAL_CUDA_GRAPHS", "1"))).isTrue();
    assertThat(CudaGraphs.areWanted(Map.of("ANNEAL_CUDA_GRAPHS", "0"))).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CudaGraphs.areWanted(Map.of("ANNEAL_CUDA_GRAPHS", "off")))
        .withMessage("ANNEAL_CUDA_GRAPHS 'off': expected 0 or 1");
  }

  @Test
  void aCpuRecordsNothing() {
    assertThat(Recorder.of(Device.CPU)).isEmpty();
  }

  @Tag("gpu")
  @Test
  void aGraphComputesAgainWithWhatStandsInMemoryAndOutlivesTheOneBeforeIt() {
    assumeTrue(Libtorch.load().hasCuda(), "the library drives no GPU: skipped");
    Device gpu = Device.cuda(0);
    Recorder graphs = Recorder.of(gpu).orElseThrow();
    try (Scope scope = Scope.withoutGradient()) {
      Tensor input = Tensors.full(2, DType.FLOAT32, gpu, 3);
      Tensor square = Tensors.zeros(DType.FLOAT32, gpu, 3);
      Tensor cube = Tensors.zeros(DType.FLOAT32, gpu, 3);
      Recording squares = graphs.record(() -> square(input, square));
      Recording cubes = graphs.record(() -> cube(input, cube));
      assertThat(square.toFloats()).containsOnly(0);
      squares.replay();
      squares.close();
      input.fill_(3);
      cubes.replay();
      assertThat(square.toFloats()).containsOnly(4);
      assertThat(cube.toFloats()).containsOnly(27);
      cubes.close();
    }
  }

  private static void square(Tensor input, Tensor output) {
    try (Scope scope = Scope.open()) {
      output.copy_(input.multiply(input));
    }
  }

  private static void cube(Tensor input, Tensor output) {
    try (Scope scope = Scope.open()) {
      output.copy_(input.multiply(input).multiply(input));
    }
  }
}
