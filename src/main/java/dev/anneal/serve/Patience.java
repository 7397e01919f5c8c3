package dev.anneal.serve;

import java.time.Duration;

/**
 * What a client may take to send a request that it has begun.
 *
 * @param pause from some of its bytes to the next
 * @param whole for all of it
 */
record Patience(Duration pause, Duration whole) {

  /** A megabyte may take a minute. */
  static final Patience USUAL = new Patience(Duration.ofSeconds(10), Duration.ofMinutes(1));

  /** How often to look whether it is at an end. */
  Duration period() {
    return pause.dividedBy(10);
  }
}
