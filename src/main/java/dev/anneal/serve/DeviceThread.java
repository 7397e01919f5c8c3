package dev.anneal.serve;

import dev.anneal.sample.Advance;
import dev.anneal.sample.GenerationRun;
import dev.anneal.sample.GenerationStep;
import dev.anneal.sample.Generator;
import dev.anneal.tensor.Libtorch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A thread that calls the model: all tensors of its jobs are made and freed here.
 *
 * <p>It works in rounds. A round lets waiting jobs in where there is room, then brings all its jobs
 * forward by one call of the model, which they share; so a short request does not wait for a long
 * one. Steps that take no call are made before, for what a job does not ask now it would ask in
 * another call. As every draw is a function of (seed, text, step, position), company changes no
 * text.
 */
final class DeviceThread {

  /** What a round that could do nothing waits for a client to read on. */
  private static final Duration PAUSE = Duration.ofMillis(2);

  /** Steps without a call that a job makes in a round: so many take little time beside a call. */
  private static final int MOST_WITHOUT_CALL = 16;

  private final Generator generator;
  private final WaitingLine line;
  private final int cores;
  private final Meters meters;
  private final Journal journal;
  private final Thread thread;
  private volatile long cacheBytes;

  /**
   * Starts the thread.
   *
   * @param line whose jobs it takes
   * @param cores how many threads the native library may use for it
   */
  DeviceThread(Generator generator, WaitingLine line, int cores, Meters meters, Journal journal) {
    this.generator = generator;
    this.line = line;
    this.cores = cores;
    this.meters = meters;
    this.journal = journal;
    this.thread = Thread.ofPlatform().name("device").start(this::work);
  }

  /** Whether the thread works. */
  boolean isAlive() {
    return thread.isAlive();
  }

  /** The memory of its jobs' cached keys and values. */
  long cacheBytes() {
    return cacheBytes;
  }

  private void work() {
    Libtorch.load().useThreads(cores);
    var turns = new ArrayList<Turn>();
    try {
      while (!turns.isEmpty() || line.await()) {
        line.take(turns.size()).forEach(job -> start(job, turns));
        round(turns);
        cacheBytes = turns.stream().mapToLong(turn -> turn.run.cacheBytes()).sum();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts a device thread", e);
    }
  }

  private void start(Job job, List<Turn> turns) {
    try {
      turns.add(new Turn(job, generator.start(job.request())));
    } catch (Throwable e) {
      line.leave(1);
      fail(job, e);
    }
  }

  /** Makes a call for all whose clients are not behind; those that have ended leave. */
  private void round(List<Turn> turns) throws InterruptedException {
    leave(turns, Turn::leavesEarly);
    if (!turns.isEmpty() && turns.stream().allMatch(turn -> turn.job.isAhead())) {
      Thread.sleep(PAUSE);
    }
    turns.forEach(this::goOn);
    List<Turn> ready = turns.stream().filter(Turn::isReady).toList();
    if (!ready.isEmpty()) {
      advance(ready);
    }
    leave(turns, Turn::leavesInTheEnd);
  }

  private void leave(List<Turn> turns, Predicate<Turn> leaving) {
    int before = turns.size();
    turns.removeIf(leaving);
    line.leave(before - turns.size());
  }

  /** Makes steps of one as long as they take no call. */
  private void goOn(Turn turn) {
    try {
      for (int step = 0; step < MOST_WITHOUT_CALL && turn.isReady(); step++) {
        Optional<GenerationStep> made = turn.run.stepWithoutCall();
        if (made.isEmpty()) {
          return;
        }
        turn.tell(made.get(), meters);
      }
    } catch (Throwable e) {
      fail(turn, e);
    }
  }

  /** Makes a call for all. Where that fails, each goes on alone, to find whose fault it is. */
  private void advance(List<Turn> turns) {
    long start = System.nanoTime();
    Advance made;
    try {
      made = generator.advance(turns.stream().map(turn -> turn.run).toList());
    } catch (Throwable e) {
      if (turns.size() > 1) {
        turns.forEach(turn -> advance(List.of(turn)));
      } else {
        fail(turns.getFirst(), e);
      }
      return;
    }
    meters.step(Duration.ofNanos(System.nanoTime() - start));
    made.calls().forEach(meters::call);
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      made.steps().get(i).ifPresent(step -> turn.tell(step, meters));
    }
  }

  private void fail(Turn turn, Throwable thrown) {
    turn.hasFailed = true;
    fail(turn.job, thrown);
  }

  private void fail(Job job, Throwable thrown) {
    journal.failed(thrown);
    job.refuse(new Refusal(Refusal.Kind.FAILED, "the service failed at this request"));
  }

  /** Waits for its end, when the line is closed. */
  void await() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A job that takes its turn, and how far it has come. */
  private static final class Turn {
    private final Job job;
    private final GenerationRun run;
    private boolean hasSettled;
    private boolean hasFailed;

    Turn(Job job, GenerationRun run) {
      this.job = job;
      this.run = run;
    }

    /** Whether it can go on, and its client is not behind. */
    boolean isReady() {
      return !hasFailed && !run.isDone() && !job.isAhead();
    }

    /** Leaves if nobody waits for it any more, or for too long. */
    boolean leavesEarly() {
      return job.isOver() && leave();
    }

    /** Leaves if it is done, or has failed. */
    boolean leavesInTheEnd() {
      if (!hasFailed && !run.isDone()) {
        return false;
      }
      if (!hasFailed) {
        job.finish(run.generation());
      }
      return leave();
    }

    private boolean leave() {
      run.close();
      return true;
    }

    void tell(GenerationStep made, Meters meters) {
      int texts = made.changes().size();
      int settled = IntStream.range(0, texts).map(text -> made.settled(text).size()).sum();
      meters.settled(settled);
      if (settled > 0 && !hasSettled) {
        hasSettled = true;
        meters.firstSettled(job.age());
      }
      job.tell(made);
    }
  }
}
