package dev.anneal.serve;

import dev.anneal.sample.Generation;
import dev.anneal.sample.GenerationStep;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;

/**
 * A request on its way through a {@link DeviceThread}. The device thread tells it what happens; the
 * thread of the HTTP request {@link #follow follows}.
 */
final class Job implements AutoCloseable {

  /** Steps that may be told and not yet heard: a client that reads slowly is waited for. */
  private static final int BACKLOG = 64;

  private sealed interface Event {
    record Step(GenerationStep made) implements Event {}

    record Done(Generation generation) implements Event {}

    record Broken(Refusal why) implements Event {}
  }

  private final Request request;
  private final Duration limit;
  private final BooleanSupplier gone;
  private final long arrival = System.nanoTime();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile boolean dropped;

  /**
   * A job that has just arrived.
   *
   * @param limit how long it may take
   * @param gone whether nobody waits for it any more
   */
  Job(Request request, Duration limit, BooleanSupplier gone) {
    this.request = request;
    this.limit = limit;
    this.gone = gone;
  }

  Request request() {
    return request;
  }

  /** The time since it arrived. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - arrival);
  }

  /**
   * Waits for what happens.
   *
   * @param listener hears of each step, and may end the job
   * @return what came of it; empty if the listener ended it
   * @throws Refusal if it came to nothing
   */
  Optional<Generation> follow(Listener listener) throws InterruptedException {
    while (true) {
      switch (events.take()) {
        case Event.Step(GenerationStep made) -> {
          if (listener.onStep(made) == Listener.Verdict.STOP) {
            return Optional.empty();
          }
        }
        case Event.Done(Generation generation) -> {
          return Optional.of(generation);
        }
        case Event.Broken(Refusal why) -> throw why;
      }
    }
  }

  /** Nobody follows it any more. */
  @Override
  public void close() {
    dropped = true;
  }

  /** Whether its place can be taken by another: then whoever follows it is told why. */
  boolean isOver() {
    if (dropped || gone.getAsBoolean()) {
      refuse(new Refusal(Refusal.Kind.GONE, "the client has gone"));
      return true;
    }
    if (age().compareTo(limit) > 0) {
      refuse(
          new Refusal(
              Refusal.Kind.LATE, "not done within %d seconds".formatted(limit.toSeconds())));
      return true;
    }
    return false;
  }

  /** Whether enough has been told that was not heard yet. */
  boolean isAhead() {
    return events.size() >= BACKLOG;
  }

  void tell(GenerationStep made) {
    events.add(new Event.Step(made));
  }

  void finish(Generation generation) {
    events.add(new Event.Done(generation));
  }

  void refuse(Refusal why) {
    events.add(new Event.Broken(why));
  }
}
