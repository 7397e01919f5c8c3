package dev.anneal.cli;

import dev.anneal.store.hub.DownloadListener;
import java.time.Duration;

/** Shows a download now and then: on a terminal in one line, elsewhere in several. */
final class DownloadProgress implements DownloadListener {
  private static final long MEGABYTE = 1_000_000;

  private final Streams streams;
  private final Duration pause;
  private long last = System.nanoTime();

  DownloadProgress(Streams streams) {
    this.streams = streams;
    this.pause = streams.terminal() ? Duration.ofMillis(250) : Duration.ofSeconds(10);
  }

  @Override
  public void onBytes(String file, long done, long total) {
    long now = System.nanoTime();
    boolean shown = done == total && total >= MEGABYTE;
    if (!shown && now - last < pause.toNanos()) {
      return;
    }
    last = now;
    String line = "%s: %,d of %,d MB".formatted(file, done / MEGABYTE, total / MEGABYTE);
    if (streams.terminal()) {
      streams.err().print("\r" + line + "\033[K" + (done == total ? "\n" : ""));
    } else {
      streams.err().println(line);
    }
    streams.err().flush();
  }
}
