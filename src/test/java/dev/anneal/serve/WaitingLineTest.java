package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.attention.CausalContext;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.sample.Ancestral;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Draft;
import dev.anneal.sample.Request;
import dev.anneal.sample.TokenChoice;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.Quenched;
import dev.anneal.tensor.Rng;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How workers share what waits. */
@Timeout(60)
final class WaitingLineTest {

  private static WaitingLine line(int places, int workers) {
    return new WaitingLine(new Limits(8, 64, places, Duration.ofMinutes(1), workers));
  }

  private static void enter(WaitingLine line, int jobs) {
    var noise = new Noise(new EpsilonHybrid(0.1), new Linear());
    var decoding =
        new Decoding(
            new Quenched(), new CausalContext(), noise, new Ancestral(), TokenChoice.PLAIN);
    var draft = Draft.prompt(new int[0], 4, 1);
    for (int i = 0; i < jobs; i++) {
      var request = new Request(draft, decoding, new Rng(i), 0, Request.Caching.CACHED);
      line.enter(new Job(request, Duration.ofMinutes(1), () -> false));
    }
  }

  @Test
  void aWorkerTakesNoMoreThanItsShare() {
    WaitingLine line = line(16, 2);
    enter(line, 3);
    assertThat(line.take(0)).hasSize(2);
    enter(line, 1);
    assertThat(line.take(2)).isEmpty();
    assertThat(line.take(0)).hasSize(2);
    assertThat(line.running()).isEqualTo(4);
    assertThat(line.size()).isZero();
  }

  @Test
  void aWorkerAloneTakesAllThereIsRoomFor() {
    WaitingLine line = line(4, 1);
    enter(line, 6);
    assertThat(line.take(0)).hasSize(4);
    assertThat(line.take(4)).isEmpty();
    line.leave(1);
    assertThat(line.take(3)).hasSize(1);
  }

  @Test
  void allWorkersTogetherHaveNoMorePlacesThanThereAre() {
    WaitingLine line = line(3, 2);
    enter(line, 9);
    assertThat(line.take(0)).hasSize(2);
    assertThat(line.take(0)).hasSize(1);
    assertThat(line.take(1)).isEmpty();
    assertThat(line.size()).isEqualTo(6);
  }

  @Test
  void aWorkerWaitsForAPlaceAnotherHas() throws Exception {
    WaitingLine line = line(1, 2);
    enter(line, 2);
    assertThat(line.take(0)).hasSize(1);
    var idle = new CompletableFuture<Boolean>();
    Thread worker =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    idle.complete(line.await());
                  } catch (InterruptedException e) {
                    idle.completeExceptionally(e);
                  }
                });
    while (worker.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
    assertThat(idle).isNotDone();
    line.leave(1);
    assertThat(idle.get()).isTrue();
    assertThat(line.take(0)).hasSize(1);
  }

  @Test
  void whenTheLineIsClosedAWorkerWhoseJobAnotherTakesIsFree() throws Exception {
    WaitingLine line = line(1, 2);
    enter(line, 2);
    assertThat(line.take(0)).hasSize(1);
    line.close();
    var idle = CompletableFuture.supplyAsync(() -> awaits(line), Thread::startVirtualThread);
    synchronized (line) {
      line.leave(1);
      assertThat(line.take(0)).hasSize(1);
    }
    assertThat(idle.get()).isFalse();
  }

  private static boolean awaits(WaitingLine line) {
    try {
      return line.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
