package dev.anneal.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.attention.Stripe;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Attention in stripes against attention under the whole mask. */
final class AttentionTest {
  private static final int HEADS = 2;
  private static final int CHANNELS = 4;
  private static final double TOLERANCE = 1e-5;

  /** Training windows of several sequences, each with slices of its own, and windows of calls. */
  @Provide
  Arbitrary<Window> windows() {
    var contexts =
        Arbitraries.of(new CausalContext(), new BlockCausalContext(3), new BlockCausalContext(8));
    Arbitrary<AttentionPattern> training =
        Combinators.combine(
                contexts,
                Arbitraries.integers().between(2, 24),
                Arbitraries.integers().between(1, 9))
            .as(AttentionTest::tiled);
    Arbitrary<List<AttentionPattern>> calls =
        Combinators.combine(
                Arbitraries.integers().between(0, 9),
                Arbitraries.integers().between(0, 12).list().ofMinSize(1).ofMaxSize(3),
                Arbitraries.integers().between(1, 9))
            .as(
                (cached, fresh, active) ->
                    fresh.stream()
                        .map(
                            more ->
                                AttentionPattern.settledActive(
                                    new CausalContext(), cached, cached + more, active))
                        .toList());
    return Arbitraries.oneOf(training.list().ofMinSize(1).ofMaxSize(3), calls)
        .map(AttentionTest::window);
  }

  /** Slices that tile a text, whose starts the context allows. */
  private static AttentionPattern tiled(SettledContext context, int length, int width) {
    int[] starts =
        IntStream.iterate(0, start -> start < length, start -> start + width)
            .map(context::cacheable)
            .distinct()
            .toArray();
    int[] ends =
        IntStream.range(0, starts.length)
            .map(i -> i + 1 < starts.length ? starts[i + 1] : length)
            .toArray();
    return AttentionPattern.trainingPairs(context, starts[starts.length - 1], starts, ends);
  }

  private static Window window(List<AttentionPattern> patterns) {
    int[][] rows = patterns.stream().map(pattern -> new int[pattern.rows()]).toArray(int[][]::new);
    return new Window(rows, rows, patterns, 0);
  }

  @Property(tries = 200)
  void stripesGiveTheSameAsTheWholeMask(
      @ForAll("windows") Window window, @ForAll @IntRange(min = 1, max = 9) int height) {
    try (Scope scope = Scope.open()) {
      var striped = Attention.striped(window, window.stripes(height), Placement.CPU);
      var whole = Attention.whole(window, window.mask(), Placement.CPU);
      assertThat(difference(window, striped, whole)).isLessThan(TOLERANCE);
    }
  }

  /** The largest one of the results and of the gradients of queries, keys and values. */
  private static double difference(Window window, Attention first, Attention second) {
    double[] one = numbers(window, first);
    double[] other = numbers(window, second);
    return Networks.largestDifference(one, other);
  }

  private static double[] numbers(Window window, Attention attention) {
    Tensor query = random(1, window.batch(), HEADS, window.width(), CHANNELS).requireGradient();
    int keys = window.cached() + window.width();
    Tensor key = random(2, window.batch(), HEADS, keys, CHANNELS).requireGradient();
    Tensor value = random(3, window.batch(), HEADS, keys, CHANNELS).requireGradient();
    Tensor mixed = attention.mixed(query, key, value);
    mixed.multiply(random(4, mixed.shape())).sum().backward();
    var numbers = new ArrayList<Double>();
    for (Tensor each : List.of(mixed, query.gradient(), key.gradient(), value.gradient())) {
      for (double number : each.toDoubles()) {
        numbers.add(number);
      }
    }
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Tensor random(int seed, long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    Rng.Stream draws = new Rng(seed).stream(Rng.Purpose.TOKEN, 0, 0);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (4 * draws.uniform(i) - 2);
    }
    return Tensors.of(numbers, shape);
  }

  @Test
  void narrowSlicesAreCutIntoStripesAndAWholeTextIsNot() {
    try (Scope scope = Scope.open()) {
      Window narrow = window(List.of(tiled(new CausalContext(), 512, 32)));
      List<Attention.Sight> sights = Attention.in(narrow, Placement.CPU).sights();
      assertThat(sights).hasSizeGreaterThan(4);
      assertThat(sights.stream().mapToInt(sight -> sight.stripe().rows()).sum())
          .isEqualTo(narrow.width());
      Window flat = window(List.of(AttentionPattern.everything(512)));
      assertThat(Attention.in(flat, Placement.CPU).sights())
          .singleElement()
          .satisfies(sight -> assertThat(sight.mask()).isEmpty())
          .extracting(Attention.Sight::stripe)
          .isEqualTo(Stripe.whole(512));
    }
  }
}
