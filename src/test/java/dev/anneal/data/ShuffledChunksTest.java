package dev.anneal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShuffledChunksTest {

  private static final Rng RNG = new Rng(1);

  /** Spec, invariant 28: only one remainder, at the very end, is dropped. */
  @Property(tries = 200)
  void chunksAreTheCorpusWithoutItsLastRemainder(
      @ForAll @IntRange(min = 1, max = 40) int length, @ForAll @IntRange(max = 300) int more) {
    int tokens = length + more;
    var chunks = new Chunks(new Counted(tokens), length);
    int[] joined =
        LongStream.range(0, chunks.count())
            .mapToObj(chunks::sequence)
            .flatMapToInt(Arrays::stream)
            .toArray();
    assertThat(joined).isEqualTo(IntStream.range(0, tokens - tokens % length).toArray());
  }

  @Test
  void aCorpusShorterThanOneSequenceIsRefusedWithBothNumbers() {
    assertThatThrownBy(() -> new Chunks(new Counted(12), 256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("corpus of 12 tokens: expected at least one sequence of 256");
    assertThatThrownBy(() -> new Chunks(new Counted(12), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sequence length 0");
  }

  @Property(tries = 200)
  void anOrderHoldsEveryNumberOnce(
      @ForAll @IntRange(min = 1, max = 600) int size, @ForAll long seed, @ForAll byte epoch) {
    var permutation = new Permutation(size, epoch & 0xFF, new Rng(seed));
    long[] order = LongStream.range(0, size).map(permutation::at).sorted().toArray();
    assertThat(order).isEqualTo(LongStream.range(0, size).toArray());
  }

  @Test
  void anOrderOfBillionsStaysInRange() {
    long size = 5_000_000_000L;
    var permutation = new Permutation(size, 0, RNG);
    assertThat(LongStream.range(0, 1000).map(permutation::at).boxed().distinct().toList())
        .hasSize(1000)
        .allMatch(number -> number >= 0 && number < size);
  }

  /** χ² over the place of the first sequence: 49 degrees, limit at a false-alarm rate of 1e-6. */
  @Test
  void everyPlaceIsEquallyLikely() {
    int size = 50;
    int epochs = 20_000;
    int[] counts = new int[size];
    for (int epoch = 0; epoch < epochs; epoch++) {
      counts[(int) new Permutation(size, epoch, RNG).at(0)]++;
    }
    double expected = (double) epochs / size;
    double chiSquare =
        Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    assertThat(chiSquare).isLessThan(112);
  }

  @Test
  void everyEpochHoldsEverySequenceOnceInAnotherOrder() {
    var shuffled = new ShuffledChunks(new Chunks(new Counted(1003), 10), ChunkBorders.FIXED, RNG);
    List<Integer> first = starts(shuffled, 0, 100);
    List<Integer> second = starts(shuffled, 100, 200);
    var all = IntStream.range(0, 100).mapToObj(i -> i * 10).toList();
    assertThat(first).containsExactlyInAnyOrderElementsOf(all).isNotEqualTo(all);
    assertThat(second).containsExactlyInAnyOrderElementsOf(all).isNotEqualTo(first);
  }

  @Test
  void movingBordersCutElsewhereInEveryEpochButCoverAsMuch() {
    var shuffled = new ShuffledChunks(new Chunks(new Counted(1003), 10), ChunkBorders.MOVING, RNG);
    for (int epoch = 0; epoch < 20; epoch++) {
      int[] covered =
          LongStream.range(epoch * 100L, (epoch + 1) * 100L)
              .mapToObj(shuffled::sequence)
              .flatMapToInt(Arrays::stream)
              .toArray();
      assertThat(covered).hasSize(1000).doesNotHaveDuplicates();
    }
    assertThat(IntStream.range(0, 20).map(e -> shuffled.sequence(e * 100L)[0] % 10).distinct())
        .hasSizeGreaterThan(3);
  }

  @Test
  void aSequenceRunsOnAroundTheEnd() {
    var shuffled = new ShuffledChunks(new Chunks(new Counted(17), 10), ChunkBorders.MOVING, RNG);
    for (int k = 0; k < 50; k++) {
      int[] sequence = shuffled.sequence(k);
      int start = sequence[0];
      assertThat(sequence)
          .isEqualTo(IntStream.range(start, start + 10).map(token -> token % 17).toArray());
    }
  }

  @Test
  void aSequenceFollowsFromSeedAndCountAlone() {
    var chunks = new Chunks(new Counted(1003), 10);
    var run = new ShuffledChunks(chunks, ChunkBorders.MOVING, new Rng(7));
    var early = run.sequence(3);
    run.sequence(250);
    assertThat(run.sequence(3)).isEqualTo(early);
    var resumed = new ShuffledChunks(chunks, ChunkBorders.MOVING, new Rng(7));
    assertThat(resumed.sequence(250)).isEqualTo(run.sequence(250));
    var other = new ShuffledChunks(chunks, ChunkBorders.MOVING, new Rng(8));
    assertThat(starts(other, 0, 50)).isNotEqualTo(starts(run, 0, 50));
  }

  private static List<Integer> starts(ShuffledChunks shuffled, long from, long to) {
    return LongStream.range(from, to).mapToObj(k -> shuffled.sequence(k)[0]).toList();
  }

  /** The corpus 0, 1, 2, … */
  private record Counted(long tokens) implements Corpus {
    @Override
    public void copy(long from, int[] target) {
      for (int i = 0; i < target.length; i++) {
        target[i] = Math.toIntExact(from + i);
      }
    }
  }
}
