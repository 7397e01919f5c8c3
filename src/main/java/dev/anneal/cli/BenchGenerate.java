package dev.anneal.cli;

import dev.anneal.bench.DenseCalls;
import dev.anneal.bench.Stretch;
import dev.anneal.model.Network;
import dev.anneal.model.Parameters;
import dev.anneal.model.TransformerShape;
import dev.anneal.sample.Request;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.HyperscheduleChoice;
import dev.anneal.tensor.Libtorch;
import dev.anneal.tensor.Rng;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal bench generate}: times generation against slower ways to the same texts. */
@Command(
    name = "generate",
    description = {
      "Time generation with a random network of a given size.",
      "Timed are the calls in the middle of a text, against two rivals. \"without the cache\": the"
          + " same calls and draws, which feed the whole text up to the window. \"as published\": what"
          + " the published code does, which has no cache: a call in every step, also where nothing"
          + " is drawn, the logits of every row, and a draw in float64 for each active token.",
      "Medians of runs in turn. Then the time of a token at the end of longer and longer texts."
    })
final class BenchGenerate implements Callable<Integer> {

  /** The widest window of the table has to fit behind the middle of the text. */
  private static final int LEAST_LENGTH = 512;

  /** Enough to weigh a block's first call against the others, few enough for slow rivals. */
  private static final int MOST_CALLS = 32;

  private static final Duration WARM_UP = Duration.ofSeconds(2);
  private static final int DENSE_CALLS = 4;
  private static final int GROWTH_WIDTH = 32;

  /** What a row can be about. */
  private enum Subject {
    FLAT,
    QUENCHED,
    BLOCK,
    SLIDE
  }

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final NetworkSize size = new NetworkSize();

  @Option(names = "--length", defaultValue = "1024", description = "Default: ${DEFAULT-VALUE}.")
  private int length;

  @Option(
      names = "--batch",
      split = ",",
      description = "Texts that are generated together (default: 1,8; 1 if --quick).")
  private int @Nullable [] batches;

  @Option(names = "--rounds", description = "Counted runs of each (default: 3; 1 if --quick).")
  private @Nullable Integer rounds;

  @Option(
      names = "--longest",
      paramLabel = "N",
      description = "The longest text of the second table (default: 8192; 1024 if --quick).")
  private @Nullable Integer longest;

  @Option(
      names = "--hyperschedule",
      paramLabel = "NAME",
      description = "Only ${COMPLETION-CANDIDATES}, and no second table.")
  private @Nullable Subject only;

  @Option(names = "--quick", description = "Narrow windows and fewer runs only: a minute.")
  private boolean quick;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    if (length < LEAST_LENGTH) {
      throw new IllegalArgumentException(
          "length %d: expected at least %d".formatted(length, LEAST_LENGTH));
    }
    int most = Math.max(length, longest == null ? (quick ? 1024 : 8192) : longest);
    TransformerShape shape = size.forLength(most);
    PrintWriter out = Streams.of(spec).out();
    var report = new LinkedHashMap<String, Object>();
    report.put("library", Libtorch.load().origin());
    report.put("threads", Libtorch.load().threads());
    try (Parameters parameters = Parameters.initial(shape, new Rng(1)).fixed();
        Network network = shape.network(parameters)) {
      report.put("contests", contests(network));
      if (only == null) {
        report.put("growth", growth(network, most));
      }
    }
    if (json) {
      out.println(new JsonMapper().writeValueAsString(report));
    }
    out.flush();
    return 0;
  }

  private List<Map<String, Object>> contests(Network network) {
    print("tokens/s                     batch     Anneal      rival   ratio   against");
    var rows = new ArrayList<Map<String, Object>>();
    for (int batch : batches == null ? (quick ? new int[] {1} : new int[] {1, 8}) : batches) {
      if (wants(Subject.FLAT)) {
        rows.add(flat(network, batch));
      }
      if (wants(Subject.QUENCHED)) {
        var quenched = HyperscheduleChoice.of("quenched").forLength(length);
        rows.add(recomputing(network, batch, quenched));
      }
      for (Windowed chosen : windowed()) {
        rows.add(recomputing(network, batch, chosen.hyperschedule(length)));
        rows.add(published(network, batch, chosen));
      }
    }
    return rows;
  }

  /** A hyperschedule whose window is narrower than the text. */
  private record Windowed(String name, int width, double rate) {

    Hyperschedule hyperschedule(int length) {
      return new HyperscheduleChoice(
              name, OptionalInt.of(width), OptionalDouble.of(rate), OptionalInt.empty())
          .forLength(length);
    }
  }

  private List<Windowed> windowed() {
    var all = new ArrayList<Windowed>();
    for (int width : quick ? new int[] {32} : new int[] {32, 128}) {
      for (double rate : new double[] {1, 4}) {
        if (wants(Subject.BLOCK)) {
          all.add(new Windowed("block", width, rate));
        }
        if (wants(Subject.SLIDE)) {
          all.add(new Windowed("slide", width, rate));
        }
      }
    }
    return all;
  }

  private boolean wants(Subject subject) {
    return only == null || only == subject;
  }

  private Map<String, Object> recomputing(Network network, int batch, Hyperschedule chosen) {
    Stretch stretch = middle(chosen);
    return contest(
        chosen.described(),
        batch,
        () -> stretch.tokensPerSecond(network, batch, Request.Caching.CACHED),
        "without the cache",
        () -> stretch.tokensPerSecond(network, batch, Request.Caching.UNCACHED));
  }

  private Stretch middle(Hyperschedule chosen) {
    int calls = chosen.levels() == 1 ? MOST_CALLS : Math.min(MOST_CALLS, chosen.levels());
    return Stretch.after(length / 2, chosen, length, calls);
  }

  private Map<String, Object> published(Network network, int batch, Windowed chosen) {
    Hyperschedule hyperschedule = chosen.hyperschedule(length);
    Stretch stretch = middle(hyperschedule);
    var dense = new DenseCalls(network, batch, length / 2 + chosen.width, chosen.width);
    return contest(
        hyperschedule.described(),
        batch,
        () -> stretch.tokensPerSecond(network, batch, Request.Caching.CACHED),
        "as published",
        () -> dense.tokensPerSecond(DENSE_CALLS, chosen.rate));
  }

  private Map<String, Object> flat(Network network, int batch) {
    var chosen = HyperscheduleChoice.of("flat").forLength(length);
    int steps = chosen.steps(length);
    var stretch = new Stretch(chosen, length, steps / 2, DENSE_CALLS);
    var dense = new DenseCalls(network, batch, length, length);
    return contest(
        chosen.described(),
        batch,
        () -> stretch.tokensPerSecond(network, batch, Request.Caching.CACHED),
        "as published",
        () -> dense.tokensPerSecond(DENSE_CALLS, (double) length / steps));
  }

  /** Runs both in turn, after runs that warm the Java machine up. */
  private Map<String, Object> contest(
      String name, int batch, DoubleSupplier anneal, String against, DoubleSupplier rival) {
    int runs = rounds == null ? (quick ? 1 : 3) : rounds;
    double[] ours = new double[runs];
    double[] theirs = new double[runs];
    long warm = System.nanoTime() + WARM_UP.toNanos();
    do {
      var _ = anneal.getAsDouble();
    } while (System.nanoTime() < warm);
    for (int run = 0; run < runs; run++) {
      ours[run] = anneal.getAsDouble();
      theirs[run] = rival.getAsDouble();
    }
    double ratio = median(ours) / median(theirs);
    print(
        String.format(
            Locale.ROOT,
            "%-28s %5d %10.1f %10.1f %7.1f   %s",
            name,
            batch,
            median(ours),
            median(theirs),
            ratio,
            against));
    var row = new LinkedHashMap<String, Object>();
    row.put("hyperschedule", name);
    row.put("batch", batch);
    row.put("tokens_per_second", median(ours));
    row.put("against", against);
    row.put("rival_tokens_per_second", median(theirs));
    row.put("ratio", ratio);
    return row;
  }

  private List<Map<String, Object>> growth(Network network, int most) {
    print("\nms a token, at length             block      slide");
    var rows = new ArrayList<Map<String, Object>>();
    for (int reached = 256; reached <= most; reached *= 2) {
      var row = new LinkedHashMap<String, Object>();
      row.put("length", reached);
      row.put("block_ms", milliseconds(network, "block", reached));
      row.put("slide_ms", milliseconds(network, "slide", reached));
      print(String.format(Locale.ROOT, "%-28d %10.2f %10.2f", row.values().toArray()));
      rows.add(row);
    }
    return rows;
  }

  /** The time of a token in the last full window but one of a text, batch 1. */
  private double milliseconds(Network network, String name, int reached) {
    var chosen = new Windowed(name, GROWTH_WIDTH, 1).hyperschedule(length);
    int settled = reached - 2 * GROWTH_WIDTH;
    var stretch = Stretch.after(settled, chosen, reached, GROWTH_WIDTH);
    double[] runs = new double[quick ? 1 : 3];
    Arrays.setAll(runs, _ -> 1e3 / stretch.tokensPerSecond(network, 1, Request.Caching.CACHED));
    return median(runs);
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
