package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.model.KvCache;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.HybridAnnealing;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An objective over drawn calls against the same objective over all calls and all noise. */
final class DrawnCallsTest {
  private static final int TOKENS = 2;
  private static final int[] TEXT = {1, 0, 0, 1};
  private static final int DRAWS = 3000;
  private static final double EPSILON = 0.3;

  /** A false alarm of a right mean: below 1e-6 a test. */
  private static final double DEVIATIONS = 5;

  static Stream<Noising> noisings() {
    List<Hyperschedule> hyperschedules =
        List.of(
            new Quenched(),
            new Flat(3),
            new BlockAnnealing(3, 2),
            new SlideAnnealing(2, 3),
            new SlideAnnealing(3, 2),
            new HybridAnnealing(3, 2));
    List<SettledContext> contexts =
        List.of(new CausalContext(), new BlockCausalContext(2), new FullContext());
    return hyperschedules.stream()
        .flatMap(hyperschedule -> contexts.stream().map(context -> noising(hyperschedule, context)))
        .flatMap(each -> Stream.of(each, each.withStreams(Noising.Streams.ONE)));
  }

  private static Noising noising(Hyperschedule hyperschedule, SettledContext context) {
    return new Noising(
        hyperschedule,
        Noising.Times.GRID,
        context,
        new Noise(new EpsilonHybrid(EPSILON), new Linear()),
        new Corruption(TOKENS, TOKENS));
  }

  @ParameterizedTest
  @MethodSource("noisings")
  void theMeanOverDrawsIsTheMeanOverCalls(Noising noising) {
    var toy = new ToyDenoiser(TOKENS, TEXT.length);
    var exact = new ExactNoise(noising.hyperschedule(), EPSILON, TOKENS);
    int[][] sequences = Collections.nCopies(DRAWS, TEXT).toArray(int[][]::new);
    NoisedBatch batch = noising.draw(sequences, new Noising.Draws(new Rng(8), 0, 0, DRAWS));
    for (Objective objective : List.of(new EpsilonCrossEntropy(2, 1e4), new HybridBound(EPSILON))) {
      try (Scope scope = Scope.open()) {
        double[] sums = sums(objective, batch, toy);
        double mean = Arrays.stream(sums).average().orElseThrow();
        assertThat(mean)
            .as("%s", objective)
            .isCloseTo(
                exact.expectation(TEXT, toy, objective),
                within(DEVIATIONS * deviation(sums) / Math.sqrt(DRAWS) + 1e-9));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("noisings")
  void settlingAndStayingTokensDrawnApartMakeUpTheWhole(Noising noising) {
    var toy = new ToyDenoiser(TOKENS, TEXT.length);
    var exact = new ExactNoise(noising.hyperschedule(), EPSILON, TOKENS);
    int[][] sequences = Collections.nCopies(DRAWS, TEXT).toArray(int[][]::new);
    var bound = new HybridBound(EPSILON);
    double mean = 0;
    double variance = 0;
    try (Scope scope = Scope.open()) {
      for (Seen seen : List.of(Seen.SETTLING, Seen.STAYING)) {
        var draws = new Noising.Draws(new Rng(8), seen == Seen.SETTLING ? 0 : 1, 0, DRAWS);
        NoisedBatch batch = noising.draw(sequences, draws, seen);
        batch.rows().forEach(row -> assertThat(row.call().last()).isEqualTo(seen == Seen.SETTLING));
        double[] sums = sums(bound, batch, toy);
        mean += Arrays.stream(sums).average().orElseThrow();
        variance += Math.pow(deviation(sums), 2) / DRAWS;
      }
      assertThat(mean)
          .isCloseTo(
              exact.expectation(TEXT, toy, bound), within(DEVIATIONS * Math.sqrt(variance) + 1e-9));
    }
  }

  @Test
  void aBoundIsFarSurerIfTheCallThatSettlesIsDrawnApart() {
    int sequences = 256;
    Noising noising = noising(new Flat(64), new CausalContext());
    var toy = new ToyDenoiser(TOKENS, TEXT.length);
    BoundEstimate apart = BoundEstimate.measure(toy, noising, _ -> TEXT, sequences, new Rng(8));
    int[][] texts = Collections.nCopies(sequences, TEXT).toArray(int[][]::new);
    try (Scope scope = Scope.open()) {
      NoisedBatch together = noising.draw(texts, new Noising.Draws(new Rng(8), 0, 0, sequences));
      double deviation = deviation(sums(new HybridBound(EPSILON), together, toy));
      assertThat(apart.standardError())
          .isLessThan(deviation / Math.sqrt(sequences) / TEXT.length / 2);
    }
  }

  /** The nats of each sequence. */
  private static double[] sums(Objective objective, NoisedBatch batch, ToyDenoiser toy) {
    var asked = batch.rows().stream().filter(objective::asks).toList();
    int[] flat = asked.stream().mapToInt(NoisedRow::flat).toArray();
    double[] nats =
        objective.nats(asked, toy.logits(batch.window(), KvCache.none(), flat)).toDoubles();
    double[] sums = new double[batch.window().batch()];
    for (int i = 0; i < flat.length; i++) {
      sums[flat[i] / batch.window().width()] += nats[i];
    }
    return sums;
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(values)
            .map(value -> (value - mean) * (value - mean))
            .average()
            .orElseThrow());
  }
}
