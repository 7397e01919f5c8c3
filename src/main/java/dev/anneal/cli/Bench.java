package dev.anneal.cli;

import dev.anneal.attention.CausalContext;
import dev.anneal.bench.ProcessMemory;
import dev.anneal.model.Parameters;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.objective.EpsilonCrossEntropy;
import dev.anneal.objective.Noising;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Linear;
import dev.anneal.task.Example;
import dev.anneal.tensor.Libtorch;
import dev.anneal.tensor.Rng;
import dev.anneal.train.AdamW;
import dev.anneal.train.LearningRate;
import dev.anneal.train.Mixture;
import dev.anneal.train.Trainer;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
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

/**
 * {@code anneal bench}: times a training step, and says which native library runs; {@link
 * BenchGenerate} times generation, {@link BenchServe} a service, and {@link BenchSoak} wears one.
 */
@Command(
    name = "bench",
    subcommands = {BenchGenerate.class, BenchServe.class, BenchSoak.class, BenchDevice.class},
    description = {
      "Time training steps of a network of a given size on random tokens.",
      "Every row goes through the output head (ε-hybrid, flat). bench/training-step.sh compares it"
          + " with PyTorch."
    })
final class Bench implements Callable<Integer> {

  /** Steps that warm the machine up and are not counted. */
  private static final int WARM_UP = 3;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final NetworkSize size = new NetworkSize();

  @Option(names = "--length", defaultValue = "256", description = "Default: ${DEFAULT-VALUE}.")
  private int length;

  @Option(names = "--batch", defaultValue = "8", description = "Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--steps",
      defaultValue = "20",
      description = "Counted steps, after " + WARM_UP + " others (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (steps < 1) {
      throw new IllegalArgumentException("steps %d: expected at least 1".formatted(steps));
    }
    double[] milliseconds = new double[steps];
    try (Trainer trainer = trainer()) {
      for (int step = -WARM_UP; step < steps; step++) {
        long start = System.nanoTime();
        trainer.update();
        if (step >= 0) {
          milliseconds[step] = (System.nanoTime() - start) / 1e6;
        }
      }
    }
    Arrays.sort(milliseconds);
    double median = milliseconds[steps / 2];
    var report = new LinkedHashMap<String, Object>();
    report.put("library", Libtorch.load().origin());
    report.put("threads", Libtorch.load().threads());
    report.put("median_ms", median);
    report.put("best_ms", milliseconds[0]);
    report.put("tokens_per_second", batch * length / median * 1e3);
    report.put("peak_mb", ProcessMemory.peakMegabytes());
    print(report);
    return 0;
  }

  private Trainer trainer() {
    var rng = new Rng(1);
    TransformerShape shape = size.forLength(length);
    int tokens = shape.tokens();
    var noising =
        new Noising(
            new Flat(length),
            Noising.Times.CONTINUOUS,
            new CausalContext(),
            new Noise(new EpsilonHybrid(0.01), new Linear()),
            new Corruption(tokens, tokens));
    var method =
        new Trainer.Method(
            new Mixture(List.of(new Mixture.Part(noising, 1))),
            new EpsilonCrossEntropy(1, 100),
            new AdamW.Settings(0.1, 0.9, 0.95, 1),
            new LearningRate(3e-4, 0, 0, steps + WARM_UP),
            0);
    Trainer.Sequences random =
        k -> {
          var draws = rng.stream(Rng.Purpose.ORDER, k, 0);
          int[] sequence = new int[length];
          Arrays.setAll(sequence, position -> draws.below(tokens, position));
          return Example.text(sequence);
        };
    return new Trainer(
        shape,
        Parameters.initial(shape, rng),
        method,
        new Trainer.Work(batch, 1),
        new Trainer.Feed(random, rng));
  }

  private void print(Map<String, Object> report) {
    Streams streams = Streams.of(spec);
    if (json) {
      streams.out().println(new JsonMapper().writeValueAsString(report));
    } else {
      report.forEach(
          (name, value) ->
              streams
                  .out()
                  .println(
                      value instanceof Double number
                          ? String.format(Locale.ROOT, "%-18s %.1f", name, number)
                          : String.format(Locale.ROOT, "%-18s %s", name, value)));
    }
    streams.out().flush();
  }
}
