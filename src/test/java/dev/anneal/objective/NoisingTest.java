package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.model.Window;
import dev.anneal.noise.Chances;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Fate;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Geometric;
import dev.anneal.schedule.HybridAnnealing;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a batch of drawn calls shows a network: each call of the hyperschedule, equally often. */
final class NoisingTest {
  static final int TOKENS = 5;
  private static final int LENGTH = 7;
  private static final double EPSILON = 0.3;
  private static final Noise NOISE = new Noise(new EpsilonHybrid(EPSILON), new Linear());
  private static final Corruption CORRUPTION = new Corruption(TOKENS, TOKENS);

  /** Widths that divide the length and others, contexts that slices cut and others. */
  static Stream<Noising> everyHyperscheduleInEveryContext() {
    List<Hyperschedule> hyperschedules =
        List.of(
            new Quenched(),
            new Flat(3),
            new BlockAnnealing(2, 3),
            new BlockAnnealing(7, 2),
            new SlideAnnealing(3, 2),
            new SlideAnnealing(4, 4),
            new SlideAnnealing(2, 3),
            new HybridAnnealing(3, 2),
            new HybridAnnealing(5, 1));
    List<SettledContext> contexts =
        List.of(new CausalContext(), new BlockCausalContext(2), new FullContext());
    return hyperschedules.stream()
        .flatMap(hyperschedule -> contexts.stream().map(context -> grid(hyperschedule, context)));
  }

  private static Noising grid(Hyperschedule hyperschedule, SettledContext context) {
    return new Noising(hyperschedule, Noising.Times.GRID, context, NOISE, CORRUPTION);
  }

  @ParameterizedTest
  @MethodSource("everyHyperscheduleInEveryContext")
  void eachTokenIsSeenEquallyOftenInEachCallThatUpdatesIt(Noising noising) {
    int draws = 1000;
    int levels = noising.hyperschedule().levels();
    NoisedBatch batch = noising.draw(sequences(draws), draws(draws));
    double[][] shares = new double[LENGTH][levels]; // [position][level after]
    for (NoisedRow row : batch.rows()) {
      shares[position(batch, row)][levelAfter(row)] += row.call().share() / draws;
    }
    double mostMissed = 2.0 * LENGTH / draws; // a call is drawn once too often or too rarely
    for (double[] position : shares) {
      for (double share : position) {
        assertThat(share).isCloseTo(1.0 / levels, within(mostMissed));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyHyperscheduleInEveryContext")
  void aTokenSeesWhatItsCallSeesInGeneration(Noising noising) {
    NoisedBatch batch = noising.draw(sequences(12), draws(12));
    Window window = batch.window();
    for (NoisedRow row : batch.rows()) {
      Partition call = call(noising, position(batch, row), levelAfter(row));
      AttentionPattern generation =
          AttentionPattern.settledActive(noising.context(), 0, call.settled(), call.active());
      int sequence = row.flat() / window.width();
      AttentionPattern training = window.pattern(sequence);
      int query = row.flat() % window.width();
      int[] keys =
          IntStream.range(0, training.rows()).filter(key -> training.sees(query, key)).toArray();
      assertThat(Arrays.stream(keys).map(key -> window.positions(sequence)[key]))
          .containsExactlyElementsOf(IntStream.range(0, call.end()).boxed().toList());
      for (int i = 0; i < keys.length; i++) {
        for (int j = 0; j < keys.length; j++) {
          assertThat(training.sees(keys[i], keys[j])).isEqualTo(generation.sees(i, j));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyHyperscheduleInEveryContext")
  void settledTokensAreCleanAndActiveOnesAreAsTheirFateSays(Noising noising) {
    int[][] sequences = sequences(12);
    NoisedBatch batch = noising.draw(sequences, draws(12));
    Window window = batch.window();
    boolean[] noised = new boolean[window.batch() * window.width()];
    for (NoisedRow row : batch.rows()) {
      noised[row.flat()] = true;
      int sequence = row.flat() / window.width();
      assertThat(window.ids(sequence)[row.flat() % window.width()]).isEqualTo(row.noised());
      assertThat(row.clean()).isEqualTo(sequences[sequence][position(batch, row)]);
      assertThat(row.noised() == TOKENS).isEqualTo(row.fate() == Fate.MASKED);
      assertThat(row.noised() == row.clean() || row.fate() != Fate.KEPT).isTrue();
    }
    for (int sequence = 0; sequence < window.batch(); sequence++) {
      for (int row = 0; row < window.ids(sequence).length; row++) {
        if (!noised[window.flat(sequence, row)]) {
          int position = window.positions(sequence)[row];
          assertThat(window.ids(sequence)[row]).isEqualTo(sequences[sequence][position]);
        }
      }
    }
    assertThat(batch.tokens()).isEqualTo(12 * LENGTH);
  }

  @ParameterizedTest
  @MethodSource("everyHyperscheduleInEveryContext")
  void onTheGridACallGoesFromItsLevelToTheOneBelow(Noising noising) {
    NoisedBatch batch = noising.draw(sequences(12), draws(12));
    for (NoisedRow row : batch.rows()) {
      int levels = noising.hyperschedule().levels();
      double before = (levelAfter(row) + 1.0) / levels;
      Chances chances = row.call().chances();
      assertThat(chances.masked()).isCloseTo(before, within(1e-12));
      assertThat(chances.scattered()).isCloseTo((1 - before) * EPSILON, within(1e-12));
      assertThat(row.call().hazard()).isCloseTo(1 / before, within(1e-9));
      assertThat(row.call().levels()).isEqualTo(levels);
      assertThat(row.call().last()).isEqualTo(levelAfter(row) == 0);
    }
  }

  @Test
  void theLastCallOfATokenUnmasksItForCertain() {
    var noising =
        new Noising(
            new Flat(3),
            Noising.Times.GRID,
            new CausalContext(),
            new Noise(new EpsilonHybrid(EPSILON), new Geometric(0.1, 3)),
            CORRUPTION);
    List<NoisedRow> settling =
        noising.draw(sequences(12), draws(12)).rows().stream()
            .filter(row -> row.call().last())
            .toList();
    assertThat(settling)
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.call().hazard()).isCloseTo(3, within(1e-12)));
  }

  @Test
  void continuousTimesAreUniform() {
    int draws = 500;
    var noising =
        new Noising(new Flat(4), Noising.Times.CONTINUOUS, new CausalContext(), NOISE, CORRUPTION);
    double[] times =
        noising.draw(sequences(draws), draws(draws)).rows().stream()
            .peek(row -> assertThat(row.call().hazard() * time(row)).isCloseTo(1, within(1e-9)))
            .mapToDouble(NoisingTest::time)
            .sorted()
            .distinct()
            .toArray();
    assertThat(times).hasSize(draws);
    for (int i = 0; i < draws; i++) {
      assertThat(times[i]).isBetween(i / (double) draws, (i + 1) / (double) draws);
    }
  }

  @Test
  void theHazardOfAContinuousTimeIsTheRateOfUnmasking() {
    var schedule = new Geometric(0.1, 3);
    var noising =
        new Noising(
            new Flat(4),
            Noising.Times.CONTINUOUS,
            new CausalContext(),
            new Noise(new EpsilonHybrid(EPSILON), schedule),
            CORRUPTION);
    for (NoisedRow row : noising.draw(sequences(20), draws(20)).rows()) {
      double sigma = -Math.log(1 - row.call().chances().masked());
      double time = Math.log(sigma / 0.1) / Math.log(30);
      double near = 1e-6;
      double slope = (schedule.alpha(time - near) - schedule.alpha(time + near)) / (2 * near);
      assertThat(row.call().hazard()).isCloseTo(slope / (1 - Math.exp(-sigma)), within(1e-6));
    }
  }

  @ParameterizedTest
  @MethodSource("everyHyperscheduleInEveryContext")
  void aSequenceIsNoisedAloneAsInItsBatch(Noising noising) {
    int[][] sequences = sequences(6);
    NoisedBatch whole = noising.draw(sequences, draws(6));
    for (int i = 0; i < sequences.length; i++) {
      int sequence = i;
      NoisedBatch alone =
          noising.draw(new int[][] {sequences[i]}, new Noising.Draws(new Rng(3), 9, i, 6));
      assertThat(alone.window().ids(0)).isEqualTo(whole.window().ids(i));
      assertThat(alone.window().positions(0)).isEqualTo(whole.window().positions(i));
      int first = whole.window().flat(sequence, 0);
      assertThat(alone.rows())
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("flat")
          .isEqualTo(
              whole.rows().stream()
                  .filter(row -> row.flat() >= first)
                  .filter(row -> row.flat() < first + whole.window().width())
                  .toList());
    }
  }

  private static Noising.Draws draws(int total) {
    return new Noising.Draws(new Rng(3), 9, 0, total);
  }

  private static int[][] sequences(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> IntStream.range(0, LENGTH).map(at -> (i + at * at) % TOKENS).toArray())
        .toArray(int[][]::new);
  }

  private static double time(NoisedRow row) {
    return row.call().chances().masked();
  }

  private static int levelAfter(NoisedRow row) {
    return (int) Math.round(time(row) * row.call().levels()) - 1;
  }

  private static int position(NoisedBatch batch, NoisedRow row) {
    int width = batch.window().width();
    return batch.window().positions(row.flat() / width)[row.flat() % width];
  }

  /** The call that takes a position to a level. */
  private static Partition call(Noising noising, int position, int after) {
    Hyperschedule hyperschedule = noising.hyperschedule();
    return IntStream.range(0, hyperschedule.steps(LENGTH))
        .mapToObj(step -> hyperschedule.partition(step, LENGTH))
        .filter(call -> call.levelBefore(position) == after + 1)
        .filter(call -> call.levelAfter(position) == after)
        .findFirst()
        .orElseThrow();
  }
}
