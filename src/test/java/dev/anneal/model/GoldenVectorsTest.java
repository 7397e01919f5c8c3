package dev.anneal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.TensorFile;
import dev.anneal.tensor.Tensors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The network against what the published Python code computes from the same weights. Only their
 * worthless rows, which look at everything, are left out.
 */
final class GoldenVectorsTest {
  private static final Path FOLDER = Path.of("../shared/fixtures/epsilon");
  private static final TransformerShape SHAPE = new TransformerShape(61, 2, 4, 64, 64);
  private static final int BATCH = 2;
  private static final int LENGTH = 32;
  private static final double TOLERANCE = 1e-5;

  /** Our name for the end of a published one. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("vocab_embed.embedding", "embedding"),
          Map.entry("norm1.weight", "attention.norm"),
          Map.entry("attn_qkv.weight", "attention.query_key_value"),
          Map.entry("attn_out.weight", "attention.output"),
          Map.entry("norm2.weight", "feed_forward.norm"),
          Map.entry("mlp.0.weight", "feed_forward.up.weight"),
          Map.entry("mlp.0.bias", "feed_forward.up.bias"),
          Map.entry("mlp.2.weight", "feed_forward.down.weight"),
          Map.entry("mlp.2.bias", "feed_forward.down.bias"),
          Map.entry("output_layer.norm_final.weight", "output.norm"),
          Map.entry("output_layer.linear.weight", "output.weight"),
          Map.entry("output_layer.linear.bias", "output.bias"));

  /**
   * A stored case, and how our patterns say the same.
   *
   * @param name of the case
   * @param context of its settled tokens
   * @param settled how many tokens are settled
   * @param end where the active ones end, and the worthless ones begin
   */
  record Case(String name, SettledContext context, int settled, int end) {

    AttentionPattern pattern() {
      return AttentionPattern.settledActive(context, 0, settled, end - settled);
    }

    Optional<Tensor> find(Map<String, Tensor> expected, String tensor) {
      return Optional.ofNullable(expected.get(name + "/" + tensor));
    }
  }

  static final List<Case> CASES =
      List.of(
          new Case("full", new FullContext(), 0, 32),
          new Case("block_causal_3", new CausalContext(), 0, 8),
          new Case("block_causal_6", new CausalContext(), 8, 16),
          new Case("block_causal_9", new CausalContext(), 16, 24),
          new Case("block_block_causal_3", new BlockCausalContext(8), 0, 8),
          new Case("block_block_causal_6", new BlockCausalContext(8), 8, 16),
          new Case("block_block_causal_9", new BlockCausalContext(8), 16, 24),
          new Case("slide_causal", new CausalContext(), 3, 11));

  private Scope scope;
  private Map<String, Tensor> expected;
  private Parameters parameters;
  private Transformer network;

  @BeforeEach
  void load() throws IOException {
    assumeTrue(Files.exists(FOLDER), FOLDER + " is missing: skipped");
    scope = Scope.open();
    expected = TensorFile.read(FOLDER.resolve("expected.safetensors"));
    var weights = new HashMap<String, Tensor>();
    TensorFile.read(FOLDER.resolve("model.safetensors"))
        .forEach((name, tensor) -> weights.put(ourName(name), tensor));
    parameters = Parameters.of(SHAPE, weights);
    network = new Transformer(SHAPE, parameters);
  }

  @AfterEach
  void free() {
    if (Files.exists(FOLDER)) {
      network.close();
      parameters.close();
      scope.close();
    }
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void theLogitsUnderTheirMasksAreTheirs(Case stored) {
    Window window = window(stored, AttentionPattern.everything(LENGTH));
    Optional<Tensor> mask = stored.find(expected, "may_look").map(GoldenVectorsTest::mask);
    Tensor logits = network.allLogits(window, mask);
    assertTheirs(stored, logits);
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void theLogitsUnderOurPatternsAreTheirsWithoutWorthlessTokens(Case stored) {
    Window window = window(stored, stored.pattern());
    Tensor logits = network.allLogits(window, window.mask());
    assertTheirs(stored, logits);
  }

  private static String ourName(String published) {
    String block = published.startsWith("blocks.") ? published.substring(0, 9) : "";
    String end = published.substring(block.length());
    return block + NAMES.getOrDefault(end, end);
  }

  private Window window(Case stored, AttentionPattern pattern) {
    long[] ids = stored.find(expected, "input_ids").orElseThrow().toLongs();
    int rows = pattern.rows();
    int[][] windowIds = new int[BATCH][];
    int[][] positions = new int[BATCH][];
    for (int i = 0; i < BATCH; i++) {
      int first = i * LENGTH;
      windowIds[i] = IntStream.range(0, rows).map(row -> (int) ids[first + row]).toArray();
      positions[i] = IntStream.range(0, rows).toArray();
    }
    return new Window(windowIds, positions, Collections.nCopies(BATCH, pattern), 0);
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

  private void assertTheirs(Case stored, Tensor logits) {
    Tensor output = stored.find(expected, "output").orElseThrow();
    assertThat(stored.find(expected, "rows").map(Tensor::toLongs).orElse(allRows()))
        .as("the rows to compare are those of our window")
        .isEqualTo(
            IntStream.range(0, BATCH * LENGTH)
                .mapToLong(row -> row % LENGTH < stored.end ? 1 : 0)
                .toArray());
    double[] difference =
        logits.narrow(1, 0, stored.end).subtract(output.narrow(1, 0, stored.end)).toDoubles();
    assertThat(Arrays.stream(difference).map(Math::abs).max().orElseThrow()).isLessThan(TOLERANCE);
  }

  private static long[] allRows() {
    return IntStream.range(0, BATCH * LENGTH).mapToLong(row -> 1).toArray();
  }
}
