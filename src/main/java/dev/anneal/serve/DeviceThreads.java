package dev.anneal.serve;

import dev.anneal.sample.Generator;
import dev.anneal.sample.Request;
import dev.anneal.tensor.Libtorch;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The threads that call the model, and the line before them. */
final class DeviceThreads implements AutoCloseable {
  private final Duration deadline;
  private final WaitingLine line;
  private final List<DeviceThread> threads;

  /** Starts the threads. */
  DeviceThreads(Generator generator, Limits limits, Meters meters, Journal journal) {
    this.deadline = limits.deadline();
    this.line = new WaitingLine(limits);
    int cores = Math.max(1, Libtorch.load().threads() / limits.workers());
    this.threads =
        Stream.generate(() -> new DeviceThread(generator, line, cores, meters, journal))
            .limit(limits.workers())
            .toList();
    meters.gauge("anneal.requests.waiting", "Requests that wait for their turn", line::size);
    meters.gauge("anneal.requests.running", "Requests in the making", line::running);
    meters.gauge(
        "anneal.cache.bytes",
        "Memory of their cached keys and values",
        () -> threads.stream().mapToLong(DeviceThread::cacheBytes).sum());
  }

  /**
   * Lets a request wait for its turn.
   *
   * @param gone whether nobody waits for it any more
   * @return the job to follow, and to close
   * @throws Refusal if too many wait, or the threads are to stop
   */
  Job submit(Request request, BooleanSupplier gone) {
    var job = new Job(request, deadline, gone);
    line.enter(job);
    return job;
  }

  /** Whether the threads work. */
  boolean isAlive() {
    return threads.stream().allMatch(DeviceThread::isAlive);
  }

  /** Whether they work and take requests. */
  boolean isOpen() {
    return isAlive() && line.isOpen();
  }

  /** Finishes what runs and waits, then ends the threads. */
  @Override
  public void close() {
    line.close();
    threads.forEach(DeviceThread::await);
  }
}
