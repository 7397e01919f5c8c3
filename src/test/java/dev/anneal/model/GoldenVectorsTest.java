package dev.anneal.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The networks against what the published Python code computes from the same weights. Only their
 * worthless rows, which look at everything, are left out.
 */
@ExtendWith(InScope.class)
final class GoldenVectorsTest {
  private static final int BATCH = 2;
  private static final int LENGTH = 32;

  /** The official γ code takes log(e^σ − 1) in float32. */
  private static final double TOLERANCE = 2e-5;

  /**
   * A stored case, and how our patterns say the same.
   *
   * @param folder of its network
   * @param name of the case
   * @param context of its settled tokens
   * @param settled how many tokens are settled
   * @param end where the active ones end, and the worthless ones begin
   */
  record Case(String folder, String name, SettledContext context, int settled, int end) {

    @Override
    public String toString() {
      return folder + "/" + name;
    }

    AttentionPattern pattern() {
      return AttentionPattern.settledActive(context, 0, settled, end - settled);
    }

    Optional<Tensor> find(Map<String, Tensor> expected, String tensor) {
      return Optional.ofNullable(expected.get(name + "/" + tensor));
    }
  }

  static final List<Case> HDLM =
      Stream.of("epsilon", "gamma")
          .flatMap(
              folder ->
                  Stream.of(
                      new Case(folder, "full", new FullContext(), 0, 32),
                      new Case(folder, "block_causal_3", new CausalContext(), 0, 8),
                      new Case(folder, "block_causal_6", new CausalContext(), 8, 16),
                      new Case(folder, "block_causal_9", new CausalContext(), 16, 24),
                      new Case(folder, "block_block_causal_3", new BlockCausalContext(8), 0, 8),
                      new Case(folder, "block_block_causal_6", new BlockCausalContext(8), 8, 16),
                      new Case(folder, "block_block_causal_9", new BlockCausalContext(8), 16, 24),
                      new Case(folder, "slide_causal", new CausalContext(), 3, 11)))
          .toList();

  static final List<Case> GPT = List.of(new Case("gpt2", "full", new CausalContext(), 32, 32));

  @ParameterizedTest
  @FieldSource("HDLM")
  void theOutputsUnderTheirMasksAreTheirs(Case stored) throws IOException {
    try (var published = PublishedNetwork.load(stored.folder)) {
      Window window = window(stored, AttentionPattern.everything(LENGTH), published.expected());
      Optional<Tensor> mask =
          stored.find(published.expected(), "may_look").map(GoldenVectorsTest::mask);
      assertTheirs(stored, published, published.network().allLogits(window, mask));
    }
  }

  @ParameterizedTest
  @FieldSource({"HDLM", "GPT"})
  void theOutputsUnderOurPatternsAreTheirsWithoutWorthlessTokens(Case stored) throws IOException {
    try (var published = PublishedNetwork.load(stored.folder)) {
      Window window = window(stored, stored.pattern(), published.expected());
      assertTheirs(stored, published, published.network().allLogits(window, window.mask()));
    }
  }

  private static Window window(
      Case stored, AttentionPattern pattern, Map<String, Tensor> expected) {
    long[] ids = stored.find(expected, "input_ids").orElseThrow().toLongs();
    int rows = pattern.rows();
    int[][] windowIds = new int[BATCH][];
    int[][] positions = new int[BATCH][];
    double[][] sigmas = new double[BATCH][rows];
    double[] told = stored.find(expected, "sigma").map(Tensor::toDoubles).orElse(new double[64]);
    for (int i = 0; i < BATCH; i++) {
      int first = i * LENGTH;
      windowIds[i] = IntStream.range(0, rows).map(row -> (int) ids[first + row]).toArray();
      positions[i] = IntStream.range(0, rows).toArray();
      sigmas[i] = Arrays.copyOfRange(told, first, first + rows);
    }
    return new Window(windowIds, positions, sigmas, Collections.nCopies(BATCH, pattern), 0);
  }

  /** Their mask, in which the rows that see nothing see themselves: a softmax needs something. */
  private static Tensor mask(Tensor mayLook) {
    long[] cells = mayLook.toLongs();
    byte[] mask = new byte[cells.length];
    for (int row = 0; row < BATCH * LENGTH; row++) {
      int first = row * LENGTH;
      boolean empty = Arrays.stream(cells, first, first + LENGTH).sum() == 0;
      for (int key = 0; key < LENGTH; key++) {
        mask[first + key] = (byte) (empty && key == row % LENGTH ? 1 : cells[first + key]);
      }
    }
    return Tensors.mask(MemorySegment.ofArray(mask), BATCH, 1, LENGTH, LENGTH);
  }

  private static void assertTheirs(Case stored, PublishedNetwork published, Tensor outputs) {
    Map<String, Tensor> expected = published.expected();
    Tensor output = stored.find(expected, "output").orElseThrow();
    assertThat(stored.find(expected, "rows").map(Tensor::toLongs).orElse(allRows()))
        .as("the rows to compare are those of our window")
        .isEqualTo(
            IntStream.range(0, BATCH * LENGTH)
                .mapToLong(row -> row % LENGTH < stored.end ? 1 : 0)
                .toArray());
    double[] difference =
        outputs.narrow(1, 0, stored.end).subtract(output.narrow(1, 0, stored.end)).toDoubles();
    assertThat(Arrays.stream(difference).map(Math::abs).max().orElseThrow()).isLessThan(TOLERANCE);
  }

  private static long[] allRows() {
    return IntStream.range(0, BATCH * LENGTH).mapToLong(row -> 1).toArray();
  }
}
