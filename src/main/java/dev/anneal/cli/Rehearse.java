package dev.anneal.cli;

import dev.anneal.bench.LoopbackService;
import dev.anneal.serve.Limits;
import dev.anneal.store.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code anneal rehearse}: what the launcher runs once after a build, for the JVM to keep what is
 * loaded on the way (docs/decisions, 4). It writes a text and is served one; nobody sees them.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Load what generate and serve need; the launcher does so after a build.")
final class Rehearse implements Callable<Integer> {
  private static final String LENGTH = "12";

  @Mixin private final ModelOptions model = new ModelOptions();

  @Override
  public Integer call() throws IOException {
    var unseen = new PrintWriter(Writer.nullWriter());
    int written =
        Main.commandLine()
            .setOut(unseen)
            .execute("generate", "--model", model.given(), "--length", LENGTH);
    if (written == 0) {
      serve();
    }
    return written;
  }

  private void serve() throws IOException {
    int workers = Limits.usualWorkers(model.placement().device());
    try (Model loaded = model.load();
        var service = new LoopbackService(loaded, 1, workers)) {
      service.anneal("{\"length\": %s, \"stream\": true}".formatted(LENGTH));
    }
  }
}
