package dev.anneal.cli;

import dev.anneal.serve.Limits;
import dev.anneal.serve.Server;
import dev.anneal.serve.Settings;
import dev.anneal.store.Model;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code anneal serve}: a model as a service, until it is told to stop. */
@Command(
    name = "serve",
    description = {
      "Serve a model by HTTP: OpenAI's completions, /v1/anneal for all that Anneal can do, and the",
      "studio, a page on which tokens are watched: open the address that is printed in a browser.",
      "Ctrl-C or the stop signal ends it when the requests it has taken on are answered."
    },
    footer =
        "Set ANNEAL_TOKEN and only requests that carry it are served. The log is JSON, a line for"
            + " each request, on standard error.")
final class Serve implements Callable<Integer> {

  /** The environment variable whose value requests must carry. */
  private static final String TOKEN = "ANNEAL_TOKEN";

  private final Map<String, String> environment;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "The interface to listen at; 0.0.0.0 is all (default: ${DEFAULT-VALUE}).")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "P",
      defaultValue = "8080",
      description = "The port; 0 is any that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "Tokens that a text may have, its prompt included (default: the model's).")
  private @Nullable Integer longest;

  @Option(
      names = "--queue",
      paramLabel = "N",
      defaultValue = "64",
      description = "Requests that may wait; one more is refused (default: ${DEFAULT-VALUE}).")
  private int queue;

  @Option(
      names = "--running",
      paramLabel = "N",
      defaultValue = "16",
      description = "Requests that take turns at the model (default: ${DEFAULT-VALUE}).")
  private int running;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "What a request may take from its arrival on (default: ${DEFAULT-VALUE}).")
  private int deadline;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Threads that call the model, each by its share of the cores for its share of the"
              + " requests (default: 2, or 1 on a GPU). With 1, a request alone has all cores.")
  private @Nullable Integer workers;

  /** The command in an environment. */
  Serve(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Streams streams = Streams.of(spec);
    try (StopSignal stop = StopSignal.install();
        Model loaded = model.load();
        Server server = Server.start(loaded, settings(loaded), streams.err()::println)) {
      streams.out().println(server.address());
      streams.out().flush();
      stop.await();
    }
    return 0;
  }

  private Settings settings(Model loaded) {
    int length = longest == null ? loaded.config().longest() : longest;
    int threads = workers == null ? Limits.usualWorkers(model.placement().device()) : workers;
    var limits = new Limits(length, queue, running, Duration.ofSeconds(deadline), threads);
    return new Settings(
        host, port, model.name(), Optional.ofNullable(environment.get(TOKEN)), limits);
  }
}
