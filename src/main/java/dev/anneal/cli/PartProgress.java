package dev.anneal.cli;

import java.time.Duration;

/** Shows now and then how many parts of a job are done: on a terminal in one line. */
final class PartProgress {
  private final Streams streams;
  private final int all;
  private final Duration pause;
  private int done;
  private boolean shown;
  private long last = System.nanoTime();

  /**
   * Begins.
   *
   * @param all how many parts there are
   * @param done how many of them an earlier run has done
   */
  PartProgress(Streams streams, int all, int done) {
    this.streams = streams;
    this.all = all;
    this.done = done;
    this.pause = streams.terminal() ? Duration.ofMillis(250) : Duration.ofSeconds(10);
    if (done > 0) {
      streams.err().println("%d of %d parts are done already".formatted(done, all));
      streams.err().flush();
    }
  }

  /** A part more is done. */
  synchronized void done() {
    done++;
    long now = System.nanoTime();
    if (now - last >= pause.toNanos() || (shown && done == all)) {
      last = now;
      shown = true;
      show();
    }
  }

  private void show() {
    String line = "%d of %d parts".formatted(done, all);
    if (streams.terminal()) {
      streams.err().print("\r" + line + "\033[K" + (done == all ? "\n" : ""));
    } else {
      streams.err().println(line);
    }
    streams.err().flush();
  }
}
