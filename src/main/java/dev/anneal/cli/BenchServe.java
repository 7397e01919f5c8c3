package dev.anneal.cli;

import dev.anneal.bench.LoopbackService;
import dev.anneal.serve.Limits;
import dev.anneal.store.Model;
import dev.anneal.tensor.Libtorch;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal bench serve}: what clients gain that share the calls of a service. */
@Command(
    name = "serve",
    description = {
      "Time a service at the loopback interface: many clients at once against one.",
      "Every client sends one request after the other and reads the stream of its answer. Service"
          + " and clients share this machine. Medians of rounds in turn."
    })
final class BenchServe implements Callable<Integer> {
  private static final Map<String, String> HYPERSCHEDULES = hyperschedules();

  /**
   * Rounds that are not counted. The JVM still compiles in them, on a core that one client leaves
   * idle and many do not.
   */
  private static final int WARM_UP = 2;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Option(
      names = "--clients",
      defaultValue = "16",
      description = "Clients at once (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--length",
      defaultValue = "48",
      description = "Tokens of a text (default: ${DEFAULT-VALUE}).")
  private int length;

  @Option(
      names = "--requests",
      defaultValue = "4",
      description = "Requests of each client in a round (default: ${DEFAULT-VALUE}).")
  private int requests;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Counted rounds, after " + WARM_UP + " others (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Threads that call the model (default: as of a service).")
  private @Nullable Integer workers;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  private static Map<String, String> hyperschedules() {
    var fields = new LinkedHashMap<String, String>();
    fields.put("quenched", "\"hyperschedule\": \"quenched\"");
    fields.put("block, width 8", "\"hyperschedule\": \"block\", \"width\": 8");
    fields.put("block, width 32", "\"hyperschedule\": \"block\", \"width\": 32");
    fields.put("slide, width 16", "\"hyperschedule\": \"slide\", \"width\": 16");
    fields.put("flat", "\"hyperschedule\": \"flat\"");
    return fields;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireAtLeast(2, "clients", clients);
    requireAtLeast(1, "requests", requests);
    requireAtLeast(1, "rounds", rounds);
    PrintWriter out = Streams.of(spec).out();
    var report = new LinkedHashMap<String, Object>();
    report.put("library", Libtorch.load().origin());
    report.put("threads", Libtorch.load().threads());
    report.put("clients", clients);
    int calling = workers == null ? Limits.usualWorkers(model.placement().device()) : workers;
    report.put("workers", calling);
    try (Model loaded = model.load();
        var service = new LoopbackService(loaded, clients, calling)) {
      print("tokens/s            one client  %7d   ratio   requests a call".formatted(clients));
      var rows = new ArrayList<Map<String, Object>>();
      for (var entry : HYPERSCHEDULES.entrySet()) {
        rows.add(contest(service, entry.getKey(), entry.getValue()));
      }
      report.put("contests", rows);
    }
    if (json) {
      out.println(new JsonMapper().writeValueAsString(report));
    }
    out.flush();
    return 0;
  }

  private static void requireAtLeast(int least, String name, int number) {
    if (number < least) {
      throw new IllegalArgumentException(
          "%s %d: expected at least %d".formatted(name, number, least));
    }
  }

  private Map<String, Object> contest(LoopbackService service, String name, String fields)
      throws IOException, InterruptedException {
    double[] one = new double[rounds];
    double[] many = new double[rounds];
    double[] ratios = new double[rounds];
    double occupancy = 0;
    for (int round = -WARM_UP; round < rounds; round++) {
      double alone = tokensPerSecond(service, 1, fields);
      double calls = service.metric("anneal_call_requests_count");
      double asked = service.metric("anneal_call_requests_sum");
      double together = tokensPerSecond(service, clients, fields);
      if (round >= 0) {
        one[round] = alone;
        many[round] = together;
        ratios[round] = together / alone;
        calls = service.metric("anneal_call_requests_count") - calls;
        occupancy += (service.metric("anneal_call_requests_sum") - asked) / calls / rounds;
      }
    }
    var row = new LinkedHashMap<String, Object>();
    row.put("hyperschedule", name);
    row.put("one_tokens_per_second", median(one));
    row.put("tokens_per_second", median(many));
    row.put("ratio", median(ratios));
    row.put("requests_per_call", occupancy);
    print(String.format(Locale.ROOT, "%-18s %11.1f %8.1f %7.2f %17.1f", row.values().toArray()));
    return row;
  }

  /** How fast so many clients at once are served, in settled tokens a second of all together. */
  private double tokensPerSecond(LoopbackService service, int clients, String fields)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    long settled = LoopbackService.atOnce(clients, client -> read(service, client, fields));
    return settled / ((System.nanoTime() - start) / 1e9);
  }

  private int read(LoopbackService service, int client, String fields)
      throws IOException, InterruptedException {
    int settled = 0;
    for (int request = 0; request < requests; request++) {
      String body =
          "{\"length\": %d, \"seed\": %d, \"stream\": true, %s}"
              .formatted(length, client * requests + request, fields);
      settled += service.anneal(body).settled();
    }
    return settled;
  }

  private static double median(double[] runs) {
    double[] rising = runs.clone();
    Arrays.sort(rising);
    return (rising[(rising.length - 1) / 2] + rising[rising.length / 2]) / 2;
  }

  private void print(String line) {
    if (!json) {
      PrintWriter out = Streams.of(spec).out();
      out.println(line);
      out.flush();
    }
  }
}
