package dev.anneal.cli;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a long piece of work is, once it has proved to be long: by a bar on a terminal, now
 * and then by a line elsewhere.
 */
final class WorkProgress implements AutoCloseable {

  /** What takes less time needs no progress. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  /** Asked for no width, the bar asks the terminal, by a library that takes Ctrl-C for itself. */
  private static final int BAR_WIDTH = 100;

  private final Streams streams;
  private final String work;
  private final String unit;
  private final long total;
  private final long began = System.nanoTime();
  private long shown = began + SOON.toNanos() - BETWEEN_LINES.toNanos();
  private boolean told;
  private @Nullable ProgressBar bar;

  /**
   * Work that begins.
   *
   * @param work what is done, such as "measuring"
   * @param unit what is counted, such as "sequences"
   * @param total how many there are
   */
  WorkProgress(Streams streams, String work, String unit, long total) {
    this.streams = streams;
    this.work = work;
    this.unit = unit;
    this.total = total;
  }

  /**
   * So much is done now.
   *
   * @param kept how much of it an earlier run had done
   */
  void at(long done, long kept) {
    if (kept > 0 && !told) {
      print("going on after %,d of %,d %s".formatted(kept, total, unit));
      told = true;
    }
    long now = System.nanoTime();
    if (streams.terminal()) {
      step(now, done, kept);
    } else if (now - shown > BETWEEN_LINES.toNanos() && done < total && done > kept) {
      shown = now;
      double seconds = (now - began) / 1e9 * (total - done) / (done - kept);
      print(String.format(Locale.ROOT, "%,d of %,d %s, %,.0f s left", done, total, unit, seconds));
    }
  }

  private void step(long now, long done, long kept) {
    if (bar == null && now - began > SOON.toNanos()) {
      bar = bar(kept);
    }
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  private ProgressBar bar(long kept) {
    return new ProgressBarBuilder()
        .setTaskName(work)
        .setInitialMax(total)
        .startsFrom(kept, Duration.ofNanos(System.nanoTime() - began))
        .setStyle(ProgressBarStyle.UNICODE_BLOCK)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, BAR_WIDTH))
        .setUpdateIntervalMillis(250)
        .build();
  }

  private void print(String words) {
    streams.err().println(work + ", " + words);
    streams.err().flush();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
