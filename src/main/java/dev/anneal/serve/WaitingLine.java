package dev.anneal.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Jobs that wait for their turn: first come, first served, and only so many. */
final class WaitingLine {
  private final int capacity;
  private final ArrayDeque<Job> jobs = new ArrayDeque<>();
  private boolean closed;

  WaitingLine(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Puts a job at the end.
   *
   * @throws Refusal if the line is full or closed
   */
  synchronized void enter(Job job) {
    if (closed) {
      throw new Refusal(Refusal.Kind.STOPPING, "the service is stopping");
    }
    if (jobs.size() == capacity) {
      throw new Refusal(
          Refusal.Kind.BUSY, "%d requests are waiting: try again later".formatted(capacity));
    }
    jobs.add(job);
    notifyAll();
  }

  /** Waits until somebody waits; false if nobody ever will. */
  synchronized boolean await() throws InterruptedException {
    while (jobs.isEmpty() && !closed) {
      wait();
    }
    return !jobs.isEmpty();
  }

  /** Takes the first jobs out, at most so many; those that are over leave, too. */
  synchronized List<Job> take(int most) {
    jobs.removeIf(Job::isOver);
    var taken = new ArrayList<Job>();
    while (taken.size() < most && !jobs.isEmpty()) {
      taken.add(jobs.remove());
    }
    return taken;
  }

  /** Lets nobody in any more; those who wait are served. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isOpen() {
    return !closed;
  }

  synchronized int size() {
    return jobs.size();
  }
}
