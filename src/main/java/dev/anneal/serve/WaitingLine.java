package dev.anneal.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Jobs that wait for their turn: first come, first served, and only so many. Workers take them,
 * each its share.
 */
final class WaitingLine {
  private final int capacity;
  private final int places;
  private final int workers;
  private final ArrayDeque<Job> jobs = new ArrayDeque<>();
  private int running;
  private boolean closed;

  WaitingLine(Limits limits) {
    this.capacity = limits.waiting();
    this.places = limits.running();
    this.workers = limits.workers();
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

  /** Waits until there are a job and a place for it; false if there never will be a job. */
  synchronized boolean await() throws InterruptedException {
    while (jobs.isEmpty() ? !closed : running == places) {
      wait();
    }
    return !jobs.isEmpty();
  }

  /**
   * Takes the first jobs out, as far as there are places and they are a worker's share; those that
   * are over leave, too.
   *
   * @param mine how many jobs the worker has already
   */
  synchronized List<Job> take(int mine) {
    jobs.removeIf(Job::isOver);
    int share = Math.ceilDiv(Math.min(places, running + jobs.size()), workers);
    int most = Math.min(share - mine, places - running);
    var taken = new ArrayList<Job>();
    while (taken.size() < most && !jobs.isEmpty()) {
      taken.add(jobs.remove());
    }
    running += taken.size();
    notifyAll(); // who waits for a job that has just been taken, and is the last
    return taken;
  }

  /** Gives places back. */
  synchronized void leave(int left) {
    running -= left;
    notifyAll();
  }

  /** Lets nobody in any more; those who wait are served. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isOpen() {
    return !closed;
  }

  /** How many jobs wait. */
  synchronized int size() {
    return jobs.size();
  }

  /** How many jobs were taken and have not left. */
  synchronized int running() {
    return running;
  }
}
