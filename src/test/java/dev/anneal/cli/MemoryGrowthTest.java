package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryGrowthTest {

  @Test
  void whatGrowsInTheFirstHalfIsForgotten() {
    var growth = MemoryGrowth.of(List.of(100L, 300L, 400L, 450L, 500L, 510L, 505L, 505L));
    assertThat(growth.percent()).isZero();
    assertThat(growth.isNone()).isTrue();
  }

  @Test
  void whatGrowsToTheEndIsSeen() {
    var growth = MemoryGrowth.of(List.of(485L, 490L, 495L, 500L, 500L, 500L, 505L, 510L));
    assertThat(growth.percent()).isCloseTo(1.5, within(1e-9));
    assertThat(growth.isNone()).isFalse();
  }

  @Test
  void twoLapsAreComparedWithEachOther() {
    assertThat(MemoryGrowth.of(List.of(200L, 202L)).percent()).isCloseTo(1, within(1e-9));
  }
}
