package dev.anneal.model;

import static dev.anneal.model.Networks.largestDifference;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.HybridAnnealing;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Generations of fed-in tokens, once with the cache and once without. The noise of the active
 * tokens changes from call to call, the settled ones have none.
 */
@ParameterizedClass
@FieldSource("dev.anneal.model.Networks#ALL")
final class KvCacheTest {
  private static final int BATCH = 3;
  private static final int LENGTH = 11;
  private static final double TOLERANCE = 1e-5;

  private final int[][] text = Networks.randomIds(BATCH, LENGTH, 1);
  private final Architecture architecture;
  private Scope scope;
  private Parameters parameters;
  private Network network;

  KvCacheTest(Architecture architecture) {
    this.architecture = architecture;
  }

  @BeforeEach
  void build() {
    scope = Scope.withoutGradient();
    parameters = Networks.random(architecture, 7);
    network = architecture.network(parameters);
  }

  @AfterEach
  void free() {
    network.close();
    parameters.close();
    scope.close();
  }

  /** A way to settle a text. */
  record Generation(SettledContext context, Hyperschedule hyperschedule, SettlingOrder order) {

    @Override
    public String toString() {
      return context + ", " + hyperschedule + ", " + order.known() + " known";
    }

    Stream<Partition> calls() {
      return IntStream.range(0, hyperschedule.steps(order.unknown()))
          .mapToObj(step -> hyperschedule.partition(step, order.unknown()))
          .filter(call -> call.active() > 0);
    }
  }

  static Stream<Generation> generations() {
    var contexts = List.of(new CausalContext(), new BlockCausalContext(4), new FullContext());
    List<Hyperschedule> hyperschedules =
        List.of(
            new Quenched(),
            new Flat(3),
            new BlockAnnealing(4, 2),
            new SlideAnnealing(4, 3),
            new SlideAnnealing(2, 3),
            new HybridAnnealing(3, 2));
    var infill = new BitSet();
    infill.set(2, 4);
    infill.set(9);
    var orders =
        List.of(
            SettlingOrder.prompt(LENGTH, 0),
            SettlingOrder.prompt(LENGTH, 5),
            SettlingOrder.infill(infill, LENGTH));
    return contexts.stream()
        .flatMap(
            context ->
                hyperschedules.stream()
                    .flatMap(
                        hyperschedule ->
                            orders.stream()
                                .map(order -> new Generation(context, hyperschedule, order))));
  }

  @ParameterizedTest
  @MethodSource("generations")
  void cachedLogitsAreUncachedLogits(Generation generation) {
    try (KvCache cache = network.newCache(BATCH, LENGTH)) {
      generation
          .calls()
          .forEach(
              call -> {
                Window cached = window(generation, call, cache.settled());
                Window whole = window(generation, call, 0);
                double[] expected = activeLogits(whole, KvCache.none(), call.active());
                double[] logits = activeLogits(cached, cache, call.active());
                assertThat(largestDifference(logits, expected))
                    .as("%s", call)
                    .isLessThan(TOLERANCE);
                int settled = generation.order.known() + call.settled();
                assertThat(cache.settled()).isEqualTo(generation.context.cacheable(settled));
              });
    }
  }

  @Test
  void keysCachedWhileTheirContextStillGrowsAreWrong() {
    var full = new FullContext();
    try (KvCache cache = network.newCache(BATCH, LENGTH)) {
      Window early = rows(full, new int[] {0, 4, 0}, 4);
      network.logits(early, cache, new int[] {0});
      Window late = rows(new CausalContext(), new int[] {4, 4, 3}, 0);
      Window whole = rows(full, new int[] {0, 4, 3}, 0);
      assertThat(
              largestDifference(
                  activeLogits(late, cache, 3), activeLogits(whole, KvCache.none(), 3)))
          .as("no token settled since the cache was filled")
          .isLessThan(TOLERANCE);

      Window later = rows(new CausalContext(), new int[] {4, 6, 3}, 2);
      Window wholeLater = rows(full, new int[] {0, 6, 3}, 0);
      assertThat(
              largestDifference(
                  activeLogits(later, cache, 3), activeLogits(wholeLater, KvCache.none(), 3)))
          .isGreaterThan(0.01);
    }
  }

  @Test
  void aWindowThatCountsOnAnotherCacheIsRefused() {
    Window window = rows(new CausalContext(), new int[] {4, 4, 3}, 0);
    assertThatThrownBy(() -> network.logits(window, KvCache.none(), new int[] {0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the window counts on 4 cached tokens, the cache holds 0");
  }

  @Test
  void aCacheThatIsTooSmallIsRefused() {
    Window window = rows(new CausalContext(), new int[] {0, 4, 3}, 4);
    try (KvCache cache = network.newCache(BATCH, 6)) {
      assertThatThrownBy(() -> network.logits(window, cache, new int[] {0}))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** One call: what settled and is not cached, then the active tokens, each masked by chance. */
  private Window window(Generation generation, Partition call, int cached) {
    SettlingOrder order = generation.order;
    int settled = order.known() + call.settled();
    AttentionPattern pattern =
        AttentionPattern.settledActive(generation.context, cached, settled, call.active());
    int[] positions = IntStream.range(0, pattern.rows()).map(pattern::order).toArray();
    int[][] noise = Networks.randomIds(BATCH, LENGTH, call.step());
    int[][] ids = new int[BATCH][pattern.rows()];
    double[] drawn = Networks.randomSigmas(LENGTH, call.step());
    double[] sigmas = new double[pattern.rows()];
    for (int row = 0; row < pattern.rows(); row++) {
      positions[row] = order.position(pattern.order(row));
      sigmas[row] = pattern.order(row) < settled ? 0 : drawn[positions[row]];
      for (int i = 0; i < BATCH; i++) {
        int[][] source = pattern.order(row) < settled ? text : noise;
        ids[i][row] = source[i][positions[row]];
      }
    }
    int settling = generation.context.cacheable(settled) - cached;
    return window(ids, positions, sigmas, pattern, settling);
  }

  /**
   * A call on the text itself.
   *
   * @param counts of cached, settled and active tokens
   */
  private Window rows(SettledContext context, int[] counts, int settling) {
    var pattern = AttentionPattern.settledActive(context, counts[0], counts[1], counts[2]);
    int[] positions = IntStream.range(counts[0], counts[0] + pattern.rows()).toArray();
    int[][] ids = new int[BATCH][];
    for (int i = 0; i < BATCH; i++) {
      int[] sequence = text[i];
      ids[i] = IntStream.of(positions).map(position -> sequence[position]).toArray();
    }
    double[] sigmas = new double[pattern.rows()];
    Arrays.fill(sigmas, pattern.rows() - counts[2], pattern.rows(), 0.7);
    return window(ids, positions, sigmas, pattern, settling);
  }

  private static Window window(
      int[][] ids, int[] positions, double[] sigmas, AttentionPattern pattern, int settling) {
    return new Window(
        ids,
        Collections.nCopies(BATCH, positions).toArray(int[][]::new),
        Collections.nCopies(BATCH, sigmas).toArray(double[][]::new),
        Collections.nCopies(BATCH, pattern),
        settling);
  }

  /** The logits of the last rows of each sequence. */
  private double[] activeLogits(Window window, KvCache cache, int active) {
    int[] wanted =
        IntStream.range(0, BATCH)
            .flatMap(
                i ->
                    IntStream.range(window.width() - active, window.width())
                        .map(row -> window.flat(i, row)))
            .toArray();
    Tensor logits = network.logits(window, cache, wanted);
    assertThat(logits.shape()).containsExactly(wanted.length, Networks.SMALL.tokens());
    return logits.toDoubles();
  }
}
