package dev.anneal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class PartitionTest {

  @Provide
  Arbitrary<String> members() {
    return Arbitraries.of(HyperscheduleChoice.names());
  }

  @Property(tries = 200)
  void everyPositionIsSettledActiveOrWorthlessByItsLevels(
      @ForAll("members") String name,
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(min = 1, max = 8) int levels) {
    Hyperschedule hyperschedule = HyperscheduleFamily.create(name, width, levels);
    for (int step = 0; step < hyperschedule.steps(length); step++) {
      Partition partition = hyperschedule.partition(step, length);
      for (int position = 0; position < length; position++) {
        boolean settled = hyperschedule.level(step, position) == 0;
        boolean worthless = hyperschedule.level(step + 1, position) == hyperschedule.levels();
        assertThat(position < partition.settled()).isEqualTo(settled);
        assertThat(position >= partition.end()).isEqualTo(worthless);
      }
      assertThat(partition.settled() + partition.active() + partition.worthless())
          .isEqualTo(length);
    }
  }

  @Example
  void aCallGoesFromOneTimeToTheNext() {
    Partition partition = new SlideAnnealing(4, 4).partition(4, 8);
    // before: 0 1 2 3 4 4 4 4, after: 0 0 1 2 3 4 4 4
    assertThat(partition.step()).isEqualTo(4);
    assertThat(partition.length()).isEqualTo(8);
    assertThat(partition.settled()).isEqualTo(1);
    assertThat(partition.end()).isEqualTo(5);
    assertThat(partition.levelBefore(2)).isEqualTo(2);
    assertThat(partition.levelAfter(2)).isEqualTo(1);
    assertThat(partition.timeBefore(2)).isEqualTo(0.5);
    assertThat(partition.timeAfter(2)).isEqualTo(0.25);
    assertThat(partition.timeAfter(1)).isZero();
    assertThat(partition.timeBefore(4)).isEqualTo(1);
    assertThat(partition).hasToString("step 4: 1 settled, 4 active, 3 worthless");
  }

  @Example
  void anIdleCallHasNothingActive() {
    Partition partition = new HybridAnnealing(4, 2).partition(9, 5);
    assertThat(partition.settled()).isEqualTo(5);
    assertThat(partition.active()).isZero();
    assertThat(partition.worthless()).isZero();
  }

  @Example
  void aCallThatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> new Flat(3).partition(3, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("step 3 is not a call of Flat[levels=3] at length 8: expected 0 … 2");
    assertThatThrownBy(() -> new Flat(3).partition(-1, 8)).hasMessageContaining("step -1");
  }
}
