package dev.anneal.cli;

import java.time.Duration;
import java.util.function.IntConsumer;

/** Shows how many of some things are done: on a terminal in one line, elsewhere now and then. */
final class CountProgress implements IntConsumer {
  private final Streams streams;
  private final int total;
  private final String things;
  private final Duration pause;
  private long last = System.nanoTime();

  CountProgress(Streams streams, int total, String things) {
    this.streams = streams;
    this.total = total;
    this.things = things;
    this.pause = streams.terminal() ? Duration.ofMillis(250) : Duration.ofSeconds(10);
  }

  @Override
  public void accept(int done) {
    long now = System.nanoTime();
    boolean ends = done == total;
    if (!(streams.terminal() && ends) && now - last < pause.toNanos()) {
      return;
    }
    last = now;
    String line = "%,d of %,d %s".formatted(done, total, things);
    if (streams.terminal()) {
      streams.err().print("\r" + line + "\033[K" + (ends ? "\n" : ""));
    } else {
      streams.err().println(line);
    }
    streams.err().flush();
  }
}
