package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.model.KvCache;
import dev.anneal.model.Parameters;
import dev.anneal.model.Transformer;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Fate;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Linear;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.TensorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One training step against PyTorch.
 *
 * <p>The golden file was computed by PyTorch 2.13 in float64, from its own weights (normal,
 * deviation 0.3; scales around one) and the noised batch below: the whole sequences twice, {@code
 * [clean ‖ noised]}, under the two-stream mask of the paper for blocks of four, rotary positions by
 * rotate-half, softmax over the real tokens, Σ weight · cross-entropy / tokens, and its gradients.
 * It holds {@code noised} and {@code scattered} (1 if a uniform token took the place) as int64
 * [batch, position], {@code logits} of the noised half [batch, position, vocab], {@code loss}, and
 * for each parameter {@code weight/NAME} and {@code gradient/NAME}.
 */
final class TrainingStepTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/dev/anneal/objective/training-step.safetensors");
  private static final int LENGTH = 12;
  private static final TransformerShape SHAPE = new TransformerShape(11, 2, 2, 16, LENGTH);
  private static final Noising NOISING =
      new Noising(
          new BlockAnnealing(4, 4),
          Noising.Times.GRID,
          new CausalContext(),
          new Noise(new EpsilonHybrid(0.3), new Linear()),
          new Corruption(11, 11));
  private static final Objective OBJECTIVE = new EpsilonCrossEntropy(0.8, 1e4);

  private final NoisedBatch batch =
      NOISING.draw(sequences(), new Noising.Draws(new Rng(7), 3, 0, 3));

  private Scope scope;
  private Map<String, Tensor> golden;
  private Parameters parameters;
  private Transformer network;

  @BeforeEach
  void load() throws IOException {
    scope = Scope.open();
    golden = TensorFile.read(GOLDEN);
    var weights = new HashMap<String, Tensor>();
    for (String name : Parameters.shapes(SHAPE).keySet()) {
      weights.put(name, golden("weight/" + name));
    }
    parameters = Parameters.of(SHAPE, weights).requireGradient();
    network = new Transformer(SHAPE, parameters);
  }

  @AfterEach
  void free() {
    network.close();
    parameters.close();
    scope.close();
  }

  @Test
  void theBatchIsTheOneOfTheGoldenFile() {
    assertThat(batch.rows().stream().mapToLong(NoisedRow::noised).toArray())
        .isEqualTo(golden("noised").toLongs());
    assertThat(batch.rows().stream().mapToLong(row -> row.fate() == Fate.SCATTERED ? 1 : 0))
        .containsExactlyElementsOf(Arrays.stream(golden("scattered").toLongs()).boxed().toList());
  }

  @Test
  void theLogitsAreThoseOfPyTorch() {
    int[] rows = batch.rows().stream().mapToInt(NoisedRow::flat).toArray();
    assertThat(network.logits(batch.window(), KvCache.none(), rows).toDoubles())
        .containsExactly(golden("logits").toDoubles(), within(1e-5));
  }

  @Test
  void theLossIsThatOfPyTorch() {
    assertThat(loss().item()).isCloseTo(golden("loss").item(), within(1e-5));
  }

  /** By one row of outputs at a time, by three, and by all at once. */
  @ParameterizedTest
  @ValueSource(ints = {1, 33, 1_000_000})
  void everyGradientIsThatOfPyTorch(int outputs) {
    assertThat(learn(new Portions(outputs))).isCloseTo(golden("loss").item(), within(1e-5));
    parameters
        .all()
        .forEach(
            (name, parameter) -> {
              double[] expected = golden("gradient/" + name).toDoubles();
              double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
              assertThat(parameter.gradient().toDoubles())
                  .as("%s", name)
                  .containsExactly(expected, within(1e-5 * largest));
            });
  }

  @Test
  void stepsLeaveNoTensorsBehind() {
    long afterTwo = 0;
    for (int step = 1; step <= 10; step++) {
      try (Scope inner = Scope.open()) {
        learn(Portions.USUAL);
      }
      if (step == 2) {
        afterTwo = Tensor.live();
      }
    }
    assertThat(Tensor.live()).isEqualTo(afterTwo);
  }

  private double learn(Portions portions) {
    double factor = 1.0 / batch.tokens();
    return factor * portions.learn(OBJECTIVE, batch, network, factor);
  }

  private Tensor loss() {
    return OBJECTIVE.sum(batch, network).orElseThrow().multiply(1.0 / batch.tokens());
  }

  private Tensor golden(String name) {
    return Optional.ofNullable(golden.get(name)).orElseThrow();
  }

  private static int[][] sequences() {
    return IntStream.range(0, 3)
        .mapToObj(i -> IntStream.range(0, LENGTH).map(at -> (5 * i + 3 * at * at) % 11).toArray())
        .toArray(int[][]::new);
  }
}
