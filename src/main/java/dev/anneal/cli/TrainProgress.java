package dev.anneal.cli;

import dev.anneal.train.RunFolder;
import dev.anneal.train.TrainEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Shows a training run: a bar on a terminal, now and then a line elsewhere. */
final class TrainProgress implements Consumer<TrainEvent> {
  /** What takes less time needs no progress. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  /** Asked for no width, the bar asks the terminal, by a library that takes Ctrl-C for itself. */
  private static final int BAR_WIDTH = 110;

  private final Streams streams;
  private final RunFolder folder;
  private final String goingOn;
  private final boolean json;
  private final long started = System.nanoTime();
  private long lastLine;
  private @Nullable ProgressBar bar;
  private Map<String, Double> lastNats = Map.of();

  /** The progress of a single run. */
  TrainProgress(Streams streams, RunFolder folder, boolean json) {
    this(streams, folder, "go on with --resume --run " + folder.path(), json);
  }

  /** The progress of a run of a study. */
  TrainProgress(Streams streams, RunFolder folder) {
    this(streams, folder, "the same command goes on", false);
  }

  private TrainProgress(Streams streams, RunFolder folder, String goingOn, boolean json) {
    this.streams = streams;
    this.folder = folder;
    this.goingOn = goingOn;
    this.json = json;
  }

  /** Tells how far the text is tokenized, if that takes long. */
  void tokenizing(long doneBytes, long totalBytes) {
    if (System.nanoTime() - started > SOON.toNanos() && lineIsDue()) {
      print("tokenizing, %,d of %,d kB".formatted(doneBytes / 1000, totalBytes / 1000));
    }
  }

  @Override
  public void accept(TrainEvent event) {
    switch (event) {
      case TrainEvent.Started it -> started(it);
      case TrainEvent.Updated it -> updated(it);
      case TrainEvent.Evaluated it -> evaluated(it);
      case TrainEvent.Sampled it -> it.texts().forEach(text -> print("  | " + oneLine(text)));
      case TrainEvent.Saved it -> {
        if (bar == null) {
          print("saved " + it.folder());
        }
      }
      case TrainEvent.Ended it -> ended(it);
    }
  }

  private void started(TrainEvent.Started it) {
    print(
        String.format(
            Locale.ROOT,
            "%s: %,d parameters, %s, steps %d … %d",
            folder.path(),
            it.parameters(),
            words(it.corpusTokens()),
            it.done(),
            it.steps()));
    if (streams.terminal()) {
      bar =
          new ProgressBarBuilder()
              .setInitialMax(it.steps())
              .startsFrom(it.done(), Duration.ZERO)
              .setStyle(ProgressBarStyle.UNICODE_BLOCK)
              .setConsumer(new ConsoleProgressBarConsumer(System.err, BAR_WIDTH))
              .setUpdateIntervalMillis(250)
              .hideEta()
              .build();
    }
  }

  private void updated(TrainEvent.Updated it) {
    String words =
        String.format(
            Locale.ROOT,
            "%.3f nats/token, %,.0f tokens/s, %s left",
            it.nats(),
            it.tokensPerSecond(),
            words(it.left()));
    if (bar != null) {
      bar.stepTo(it.update().step());
      bar.setExtraMessage(words);
    } else if (lineIsDue()) {
      print("step " + it.update().step() + ": " + words);
    }
  }

  private void evaluated(TrainEvent.Evaluated it) {
    lastNats = it.nats();
    var words = new StringBuilder("step " + it.step() + ", held-out nats/token:");
    it.nats()
        .forEach((name, nats) -> words.append(String.format(Locale.ROOT, "  %s %.3f", name, nats)));
    print(words.toString());
  }

  private void ended(TrainEvent.Ended it) {
    if (bar != null) {
      bar.close();
      bar = null;
    }
    String where =
        it.model().map(model -> "the model is in " + model).orElse("stopped; " + goingOn);
    print("step " + it.step() + ": " + where);
    if (json) {
      var report = new LinkedHashMap<String, Object>();
      report.put("run", folder.path().toString());
      report.put("step", it.step());
      report.put("finished", it.model().isPresent());
      report.put("valid_nats", lastNats);
      report.put("seconds", (System.nanoTime() - started) / 1e9);
      streams.out().println(new JsonMapper().writeValueAsString(report));
      streams.out().flush();
    }
  }

  private boolean lineIsDue() {
    long now = System.nanoTime();
    if (lastLine != 0 && now - lastLine < BETWEEN_LINES.toNanos()) {
      return false;
    }
    lastLine = now;
    return true;
  }

  private void print(String line) {
    // A bar rewrites its own line: begin on a fresh one.
    streams.err().println(bar == null ? line : "\r" + line + "\033[K");
    streams.err().flush();
  }

  private static String oneLine(String text) {
    return text.replace("\n", "\n  | ");
  }

  private static String words(OptionalLong corpusTokens) {
    return corpusTokens.isPresent()
        ? String.format(Locale.ROOT, "%,d tokens of text", corpusTokens.getAsLong())
        : "examples made as they are needed";
  }

  private static String words(Duration left) {
    if (left.toHours() > 0) {
      return left.toHours() + " h " + left.toMinutesPart() + " min";
    }
    return left.toMinutes() > 0
        ? left.toMinutes() + " min " + left.toSecondsPart() + " s"
        : left.toSeconds() + " s";
  }
}
