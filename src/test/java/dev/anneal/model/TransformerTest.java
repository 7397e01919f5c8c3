package dev.anneal.model;

import static dev.anneal.model.Networks.largestDifference;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who influences whose guess, and what a fresh network guesses. */
final class TransformerTest {
  private static final int TOKENS = Networks.SMALL.tokens();
  private static final double TOLERANCE = 1e-5;

  private Scope scope;
  private Parameters parameters;
  private Transformer network;

  @BeforeEach
  void build() {
    scope = Scope.withoutGradient();
    parameters = Networks.random(Networks.SMALL, 7);
    network = new Transformer(Networks.SMALL, parameters);
  }

  @AfterEach
  void free() {
    network.close();
    parameters.close();
    scope.close();
  }

  static Stream<SettledContext> contexts() {
    return Stream.of(new CausalContext(), new BlockCausalContext(2));
  }

  @ParameterizedTest
  @MethodSource("contexts")
  void settledGuessesDoNotDependOnActiveTokens(SettledContext context) {
    AttentionPattern pattern = AttentionPattern.settledActive(context, 0, 5, 4);
    int[] ids = Networks.randomIds(1, 9, 1)[0];
    double[][] before = logits(window(pattern, ids));
    double[][] after = logits(window(pattern, replaced(ids, 7)));
    assertThat(Arrays.copyOf(after, 5)).isDeepEqualTo(Arrays.copyOf(before, 5));
    for (int row = 5; row < 9; row++) {
      assertThat(after[row]).as("row %d sees row 7", row).isNotEqualTo(before[row]);
    }
  }

  @ParameterizedTest
  @MethodSource("contexts")
  void slicesOfOneTrainingWindowDoNotSeeEachOther(SettledContext context) {
    int[] starts = {0, 2, 4};
    int[] ends = {2, 4, 7};
    AttentionPattern pattern = AttentionPattern.trainingPairs(context, 4, starts, ends);
    int[] ids = Networks.randomIds(1, 11, 1)[0];
    double[][] before = logits(pairs(pattern, ids));
    double[][] after = logits(pairs(pattern, replaced(ids, 6))); // in the slice 2 … 4
    for (int row = 0; row < 11; row++) {
      boolean same = Arrays.equals(before[row], after[row]);
      assertThat(same).as("row %d", row).isEqualTo(row < 6 || row >= 8);
    }
  }

  @ParameterizedTest
  @MethodSource("contexts")
  void aTrainingSliceIsGuessedAsTheWindowOfItsCall(SettledContext context) {
    int[] starts = {0, 2, 4};
    int[] ends = {2, 4, 7};
    AttentionPattern pattern = AttentionPattern.trainingPairs(context, 4, starts, ends);
    int[] ids = Networks.randomIds(1, 11, 1)[0];
    double[][] training = logits(pairs(pattern, ids));
    for (int slice = 0; slice < starts.length; slice++) {
      int start = starts[slice];
      int active = ends[slice] - start;
      IntStream rows =
          IntStream.concat(
              IntStream.range(0, start), IntStream.range(4 + start, 4 + start + active));
      double[][] single =
          logits(
              window(
                  AttentionPattern.settledActive(context, 0, start, active),
                  rows.map(row -> ids[row]).toArray()));
      for (int i = 0; i < active; i++) {
        assertThat(training[4 + start + i])
            .as("slice %d, token %d", slice, i)
            .containsExactly(single[start + i], within(TOLERANCE));
      }
    }
  }

  @Test
  void aSequenceIsGuessedAloneAsBesideWiderOnes() {
    var narrow = AttentionPattern.settledActive(new CausalContext(), 0, 2, 3);
    var wide = AttentionPattern.settledActive(new CausalContext(), 0, 6, 4);
    int[] narrowIds = Networks.randomIds(1, 5, 1)[0];
    int[] wideIds = Networks.randomIds(1, 10, 2)[0];
    var both =
        new Window(
            new int[][] {narrowIds, wideIds},
            new int[][] {positions(5), positions(10)},
            List.of(narrow, wide),
            0);
    int[] rows = IntStream.range(0, 5).map(row -> both.flat(0, row)).toArray();
    assertThat(network.logits(both, KvCache.none(), rows).toDoubles())
        .containsExactly(
            network.logits(window(narrow, narrowIds), KvCache.none(), positions(5)).toDoubles(),
            within(TOLERANCE));
    int[] wideRows = IntStream.range(0, 10).map(row -> both.flat(1, row)).toArray();
    assertThat(network.logits(both, KvCache.none(), wideRows).toDoubles())
        .containsExactly(
            network.logits(window(wide, wideIds), KvCache.none(), positions(10)).toDoubles(),
            within(TOLERANCE));
  }

  @Test
  void guessesDependOnDistancesNotOnPlaces() {
    int[] ids = Networks.randomIds(1, 6, 1)[0];
    double[] here = guesses(ids, IntStream.of(0, 1, 2, 4, 7, 8));
    double[] shifted = guesses(ids, IntStream.of(20, 21, 22, 24, 27, 28));
    double[] stretched = guesses(ids, IntStream.of(0, 1, 2, 4, 7, 9));
    assertThat(shifted).containsExactly(here, within(TOLERANCE));
    assertThat(largestDifference(stretched, here)).isGreaterThan(0.01);
  }

  @Test
  void wantedRowsComeInTheOrderTheyAreWantedWithoutTheMask() {
    Window window = window(AttentionPattern.everything(6), Networks.randomIds(1, 6, 1)[0]);
    double[] wanted = network.logits(window, KvCache.none(), new int[] {4, 0}).toDoubles();
    Tensor all = network.allLogits(window, window.mask()); // [batch, width, vocab]
    assertThat(all.shape()).containsExactly(1, 6, TOKENS + 1);
    Tensor real = all.narrow(2, 0, TOKENS).select(0, 0);
    assertThat(Arrays.copyOf(wanted, TOKENS))
        .containsExactly(real.select(0, 4).toDoubles(), within(TOLERANCE));
    assertThat(Arrays.copyOfRange(wanted, TOKENS, 2 * TOKENS))
        .containsExactly(real.select(0, 0).toDoubles(), within(TOLERANCE));
  }

  @Test
  void aFreshNetworkGuessesEveryTokenAlike() {
    try (Parameters fresh = Parameters.initial(Networks.SMALL, new Rng(1));
        var untrained = new Transformer(Networks.SMALL, fresh)) {
      Window window = window(AttentionPattern.everything(6), Networks.randomIds(1, 6, 1)[0]);
      Tensor logits = untrained.logits(window, KvCache.none(), positions(6));
      assertThat(logits.toDoubles()).containsOnly(0);
      Tensor nats = Nn.crossEntropy(logits, Tensors.of(new int[] {0, 1, 2, 3, 9, 10}, 6));
      assertThat(nats.sum().item() / 6).isCloseTo(Math.log(TOKENS), within(1e-6));
    }
  }

  private static int[] positions(int count) {
    return IntStream.range(0, count).toArray();
  }

  private static Window window(AttentionPattern pattern, int[] ids) {
    return new Window(new int[][] {ids}, new int[][] {positions(ids.length)}, List.of(pattern), 0);
  }

  /** A training window whose rows stand at the place in the text that their order says. */
  private static Window pairs(AttentionPattern pattern, int[] ids) {
    int[] orders = IntStream.range(0, pattern.rows()).map(pattern::order).toArray();
    return new Window(new int[][] {ids}, new int[][] {orders}, List.of(pattern), 0);
  }

  private static int[] replaced(int[] ids, int row) {
    int[] others = ids.clone();
    others[row] = (ids[row] + 1) % TOKENS;
    return others;
  }

  private double[] guesses(int[] ids, IntStream positions) {
    var window =
        new Window(
            new int[][] {ids},
            new int[][] {positions.toArray()},
            List.of(AttentionPattern.everything(ids.length)),
            0);
    return network.logits(window, KvCache.none(), positions(ids.length)).toDoubles();
  }

  /** [row][vocab] of a single sequence. */
  private double[][] logits(Window window) {
    double[] flat = network.logits(window, KvCache.none(), positions(window.width())).toDoubles();
    return IntStream.range(0, window.width())
        .mapToObj(row -> Arrays.copyOfRange(flat, row * TOKENS, (row + 1) * TOKENS))
        .toArray(double[][]::new);
  }
}
