package dev.anneal.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.tensor.Threads.Waiting;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many threads operators use. */
final class ThreadsTest {
  private static final int ALL = 3;

  private final int before = used();

  private static int used() {
    return Libtorch.load().threads();
  }

  @BeforeEach
  void useSeveral() {
    Threads.use(ALL);
  }

  @AfterEach
  void useAsManyAsBefore() {
    Threads.use(before);
  }

  @Test
  void littleWorkHasOneThreadAndWhatFollowsAllAgain() {
    try (Threads threads = Threads.forWork(1_000, Waiting.ASLEEP)) {
      assertThat(used()).isEqualTo(1);
    }
    assertThat(used()).isEqualTo(ALL);
  }

  @Test
  void muchWorkHasAllThreads() {
    try (Threads threads = Threads.forWork(Long.MAX_VALUE, Waiting.ASLEEP)) {
      assertThat(used()).isEqualTo(ALL);
    }
  }

  @Test
  void littleWorkHasAllThreadsWhereTheyNeedNoWaking() {
    try (Threads threads = Threads.forWork(1_000, Waiting.SPINNING)) {
      assertThat(used()).isEqualTo(ALL);
    }
  }

  @Test
  void workWithinLittleWorkKeepsToItsThread() {
    try (Threads outer = Threads.forWork(0, Waiting.ASLEEP)) {
      try (Threads inner = Threads.forWork(Long.MAX_VALUE, Waiting.ASLEEP)) {
        assertThat(used()).isEqualTo(1);
      }
      assertThat(used()).isEqualTo(1);
    }
    assertThat(used()).isEqualTo(ALL);
  }

  @Test
  void threadsSleepWhereTheEnvironmentSaysSoAndNoCountOfTurns() {
    assertThat(Waiting.of(Map.of("OMP_WAIT_POLICY", "passive"))).isEqualTo(Waiting.ASLEEP);
    assertThat(Waiting.of(Map.of("OMP_WAIT_POLICY", "PASSIVE", "GOMP_SPINCOUNT", "3000")))
        .isEqualTo(Waiting.SPINNING);
    assertThat(Waiting.of(Map.of("OMP_WAIT_POLICY", "active"))).isEqualTo(Waiting.SPINNING);
    assertThat(Waiting.of(Map.of())).isEqualTo(Waiting.SPINNING);
  }
}
