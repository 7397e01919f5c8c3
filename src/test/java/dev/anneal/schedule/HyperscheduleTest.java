package dev.anneal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The laws of every member, and each member against a small simulation of its figure. */
class HyperscheduleTest {

  @Provide
  Arbitrary<String> members() {
    return Arbitraries.of(HyperscheduleChoice.names());
  }

  @Property(tries = 300)
  void everyMemberFallsFromNoiseToDataOneLevelAtATime(
      @ForAll("members") String name,
      @ForAll @IntRange(min = 1, max = 24) int length,
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll @IntRange(min = 1, max = 12) int levels) {
    Hyperschedule hyperschedule = HyperscheduleFamily.create(name, width, levels);
    int[][] states = states(hyperschedule, length);
    assertThat(states[0]).containsOnly(hyperschedule.levels());
    assertThat(states[states.length - 1]).containsOnly(0);
    for (int step = 0; step < states.length - 1; step++) {
      assertThat(states[step]).isSorted();
      for (int position = 0; position < length; position++) {
        assertThat(states[step][position] - states[step + 1][position]).isBetween(0, 1);
      }
    }
  }

  @Property(tries = 300)
  void everyPositionIsActiveOncePerLevelAndNoCallIsIdleBeforeTheEnd(
      @ForAll("members") String name,
      @ForAll @IntRange(min = 1, max = 24) int length,
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll @IntRange(min = 1, max = 12) int levels) {
    Hyperschedule hyperschedule = HyperscheduleFamily.create(name, width, levels);
    int[] calls = new int[length];
    int settledCalls = 0;
    for (int step = 0; step < hyperschedule.steps(length); step++) {
      Partition partition = hyperschedule.partition(step, length);
      for (int position = partition.settled(); position < partition.end(); position++) {
        calls[position]++;
      }
      settledCalls += partition.settled() == length ? 1 : 0;
      assertThat(partition.active() > 0).isEqualTo(partition.settled() < length);
    }
    assertThat(calls).containsOnly(hyperschedule.levels());
    int missing = (width - length % width) % width;
    assertThat(settledCalls).isEqualTo(name.equals("hybrid") ? missing : 0);
  }

  @Property(tries = 300)
  void noMoreThanTheWidthIsActive(
      @ForAll("members") String name,
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll @IntRange(min = 1, max = 12) int levels) {
    if (HyperscheduleFamily.takes(name, "width")) {
      Hyperschedule hyperschedule = HyperscheduleFamily.create(name, width, levels);
      for (int step = 0; step < hyperschedule.steps(40); step++) {
        assertThat(hyperschedule.partition(step, 40).active()).isLessThanOrEqualTo(width);
      }
    }
  }

  @Property(tries = 100)
  void oneLevelAndOneWideIsAutoregression(@ForAll @IntRange(min = 1, max = 24) int length) {
    int[][] autoregression = new int[length + 1][length];
    for (int step = 0; step <= length; step++) {
      Arrays.fill(autoregression[step], step, length, 1);
    }
    assertThat(states(new Quenched(), length)).isDeepEqualTo(autoregression);
    assertThat(states(new SlideAnnealing(1, 1), length)).isDeepEqualTo(autoregression);
    assertThat(states(new BlockAnnealing(1, 1), length)).isDeepEqualTo(autoregression);
  }

  @Property(tries = 100)
  void aBlockAsWideAsTheSequenceIsFlat(
      @ForAll @IntRange(min = 1, max = 24) int length,
      @ForAll @IntRange(min = 1, max = 12) int levels) {
    int[][] flat = new int[levels + 1][length];
    for (int step = 0; step <= levels; step++) {
      Arrays.fill(flat[step], levels - step);
    }
    assertThat(states(new Flat(levels), length)).isDeepEqualTo(flat);
    assertThat(states(new BlockAnnealing(length, levels), length)).isDeepEqualTo(flat);
  }

  @Property(tries = 200)
  void blocksFallOneAfterTheOther(
      @ForAll @IntRange(min = 1, max = 24) int length,
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll @IntRange(min = 1, max = 12) int levels) {
    var simulation = new Simulation(length, levels);
    for (int start = 0; start < length; start += width) {
      for (int call = 0; call < levels; call++) {
        simulation.lower(start, start + width);
      }
    }
    assertThat(states(new BlockAnnealing(width, levels), length))
        .isDeepEqualTo(simulation.states());
  }

  @Property(tries = 200)
  void aSlideAdmitsWidthPositionsEveryLevelsCalls(
      @ForAll @IntRange(min = 1, max = 24) int length,
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll @IntRange(min = 1, max = 12) int levels) {
    var simulation = new Simulation(length, levels);
    for (int call = 0; !simulation.isSettled(); call++) {
      int admitted = 0; // position i enters at the first call not before i · levels / width
      while ((admitted * levels) / width <= call) {
        admitted++;
      }
      simulation.lower(0, admitted);
    }
    assertThat(states(new SlideAnnealing(width, levels), length))
        .isDeepEqualTo(simulation.states());
  }

  @Property(tries = 200)
  void aSlideSettlesItsWidthInAsManyCallsAsLevels(
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll @IntRange(min = 1, max = 12) int levels) {
    var slide = new SlideAnnealing(width, levels);
    int length = 5 * width;
    for (int step = levels - 1; step + levels < slide.steps(length); step++) {
      int before = slide.partition(step, length).settled();
      int after = slide.partition(step + levels, length).settled();
      if (before > 0 && after < length) {
        assertThat(after - before).isEqualTo(width);
      }
    }
  }

  @Property(tries = 200)
  void hybridSlidesInsideItsBlocks(
      @ForAll @IntRange(min = 1, max = 24) int length,
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll @IntRange(min = 1, max = 12) int levels) {
    var simulation = new Simulation(length, levels);
    for (int start = 0; start < length; start += width) {
      for (int call = 0; call < levels + width - 1; call++) {
        simulation.lower(start, Math.min(start + call + 1, start + width));
      }
    }
    assertThat(states(new HybridAnnealing(width, levels), length))
        .isDeepEqualTo(simulation.states());
  }

  @Example
  void theTablesOfTheOfficialCodeAreReproduced() {
    int[][] slide = states(new SlideAnnealing(4, 4), 8);
    assertThat(slide).hasDimensions(12, 8);
    assertThat(slide[1]).containsExactly(3, 4, 4, 4, 4, 4, 4, 4);
    assertThat(slide[2]).containsExactly(2, 3, 4, 4, 4, 4, 4, 4);
    assertThat(slide[3]).containsExactly(1, 2, 3, 4, 4, 4, 4, 4);
    assertThat(slide[4]).containsExactly(0, 1, 2, 3, 4, 4, 4, 4);
    assertThat(slide[5]).containsExactly(0, 0, 1, 2, 3, 4, 4, 4);
    assertThat(slide[6]).containsExactly(0, 0, 0, 1, 2, 3, 4, 4);
    assertThat(slide[7]).containsExactly(0, 0, 0, 0, 1, 2, 3, 4);
    assertThat(slide[11]).containsExactly(0, 0, 0, 0, 0, 0, 0, 0);
    int[][] block = states(new BlockAnnealing(4, 4), 8);
    assertThat(block).hasDimensions(9, 8);
    assertThat(block[1]).containsExactly(3, 3, 3, 3, 4, 4, 4, 4);
    assertThat(block[4]).containsExactly(0, 0, 0, 0, 4, 4, 4, 4);
    assertThat(block[5]).containsExactly(0, 0, 0, 0, 3, 3, 3, 3);
    assertThat(block[7]).containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
  }

  @Example
  void theNoisingFigureOfThePaperIsReproduced() {
    int[][] slide = states(new SlideAnnealing(4, 4), 6);
    assertThat(slide).hasDimensions(10, 6);
    assertThat(slide[4]).containsExactly(0, 1, 2, 3, 4, 4);
  }

  @Example
  void hugeNumbersDoNotOverflow() {
    int huge = Integer.MAX_VALUE;
    assertThat(new BlockAnnealing(1, huge).level(5, huge)).isEqualTo(huge);
    assertThat(new SlideAnnealing(1, huge).level(5, huge)).isEqualTo(huge);
    assertThat(new HybridAnnealing(huge, huge).level(5, huge)).isEqualTo(huge);
    assertThat(new Flat(1).level(huge, 0)).isZero();
  }

  @Example
  void callsBeyondCountingAreRefused() {
    assertThatThrownBy(() -> new SlideAnnealing(1, 1 << 20).steps(1 << 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "1099511627776 calls for length 1048576 are too many: expected fewer than 2147483647");
  }

  @Example
  void shapesThatAreNotPositiveAreRefused() {
    assertThatThrownBy(() -> new BlockAnnealing(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("width 0 is not positive: expected at least 1");
    assertThatThrownBy(() -> new SlideAnnealing(1, -3)).hasMessageContaining("levels -3");
    assertThatThrownBy(() -> new HybridAnnealing(-1, 1)).hasMessageContaining("width -1");
    assertThatThrownBy(() -> new Flat(0)).hasMessageContaining("levels 0");
    assertThatThrownBy(() -> new Quenched().steps(0)).hasMessageContaining("length 0");
  }

  private static int[][] states(Hyperschedule hyperschedule, int length) {
    return IntStream.rangeClosed(0, hyperschedule.steps(length))
        .mapToObj(
            step -> IntStream.range(0, length).map(i -> hyperschedule.level(step, i)).toArray())
        .toArray(int[][]::new);
  }
}
