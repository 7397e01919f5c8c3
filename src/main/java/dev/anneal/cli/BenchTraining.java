package dev.anneal.cli;

import dev.anneal.bench.ProcessMemory;
import dev.anneal.bench.TrainingWay;
import dev.anneal.bench.TrainingWork;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.HyperscheduleChoice;
import dev.anneal.tensor.Libtorch;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal bench training}: times training steps in one way. */
@Command(
    name = "training",
    description = {
      "Time training steps of a network of a given size on random tokens (ε-hybrid).",
      "Alone, or in the dense way of the published code: scores of all pairs, logits of all rows."
          + " bench/training-step.sh compares it with PyTorch."
    })
final class BenchTraining implements Callable<Integer> {

  private static final double RATE = 3e-4;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final NetworkSize size = new NetworkSize();

  @Option(names = "--length", defaultValue = "256", description = "Default: ${DEFAULT-VALUE}.")
  private int length;

  @Option(names = "--batch", defaultValue = "8", description = "Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--hyperschedule",
      paramLabel = "NAME",
      defaultValue = "flat",
      description = "flat, block or slide (default: ${DEFAULT-VALUE}).")
  private String hyperschedule = "flat";

  @Option(
      names = "--width",
      paramLabel = "W",
      description = "Positions in the window of block and slide (default: 32, or fewer).")
  private @Nullable Integer width;

  @Option(
      names = "--way",
      paramLabel = "WAY",
      defaultValue = "anneal",
      description = "anneal or dense (default: ${DEFAULT-VALUE}).")
  private TrainingWay.Name way = TrainingWay.Name.ANNEAL;

  @Option(
      names = "--warm-up",
      defaultValue = "3",
      description = "Steps before those that count (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--steps",
      defaultValue = "20",
      description = "Counted steps (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (steps < 1 || warmUp < 0) {
      throw new IllegalArgumentException(
          "steps %d after %d: expected at least 1 after at least 0".formatted(steps, warmUp));
    }
    var work = new TrainingWork(size.forLength(length), chosen(), batch, RATE);
    double[] milliseconds = milliseconds(work);
    double median = milliseconds[steps / 2];
    var report = new LinkedHashMap<String, Object>();
    report.put("library", Libtorch.load().origin());
    report.put("threads", Libtorch.load().threads());
    report.put("way", Words.of(way));
    report.put("hyperschedule", chosen().described());
    report.put("median_ms", median);
    report.put("best_ms", milliseconds[0]);
    report.put("tokens_per_second", work.tokens() / median * 1e3);
    report.put("peak_mb", ProcessMemory.peakMegabytes());
    print(report);
    return 0;
  }

  private Hyperschedule chosen() {
    OptionalInt positions = width == null ? OptionalInt.empty() : OptionalInt.of(width);
    return new HyperscheduleChoice(
            hyperschedule, positions, OptionalDouble.empty(), OptionalInt.empty())
        .forLength(length);
  }

  /** The times of the counted steps, rising. */
  private double[] milliseconds(TrainingWork work) {
    double[] milliseconds = new double[steps];
    try (TrainingWay training = way.of(work)) {
      for (int step = -warmUp; step < steps; step++) {
        long start = System.nanoTime();
        training.step();
        if (step >= 0) {
          milliseconds[step] = (System.nanoTime() - start) / 1e6;
        }
      }
    }
    Arrays.sort(milliseconds);
    return milliseconds;
  }

  private void print(Map<String, Object> report) {
    Streams streams = Streams.of(spec);
    if (json) {
      streams.out().println(new JsonMapper().writeValueAsString(report));
    } else {
      report.forEach((name, value) -> streams.out().println(line(name, value)));
    }
    streams.out().flush();
  }

  private static String line(String name, Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%-18s %.1f", name, number)
        : String.format(Locale.ROOT, "%-18s %s", name, value);
  }
}
