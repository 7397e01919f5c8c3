package dev.anneal.cli;

import dev.anneal.bench.DeviceContract;
import dev.anneal.bench.MatrixRate;
import dev.anneal.bench.Stretch;
import dev.anneal.bench.TrainingSteps;
import dev.anneal.model.Network;
import dev.anneal.model.Parameters;
import dev.anneal.model.Placement;
import dev.anneal.model.TransformerShape;
import dev.anneal.sample.Request;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.HyperscheduleChoice;
import dev.anneal.tensor.Libtorch;
import dev.anneal.tensor.Rng;
import java.io.PrintWriter;
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

/** {@code anneal bench device}: whether a device computes as the CPU does, and how fast. */
@Command(
    name = "device",
    description = {
      "Compare what a device computes with the CPU in float32, on small networks; then time it on a"
          + " random network of a given size: products of large matrices, training steps against"
          + " them, and generation by blocks of 128, rate 4, against recomputing every text in"
          + " every call.",
      "Ends with 1 if something differs by more than its tolerance."
    })
final class BenchDevice implements Callable<Integer> {
  private static final int WIDTH = 128;
  private static final int RATE = 4;
  private static final int WARM_UP = 3;
  private static final int ROUNDS = 3;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Mixin private final NetworkSize size = new NetworkSize();

  @Option(names = "--length", defaultValue = "1024", description = "Default: ${DEFAULT-VALUE}.")
  private int length;

  @Option(
      names = "--batch",
      defaultValue = "8",
      description = "Sequences of a training step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--texts",
      split = ",",
      defaultValue = "1,64",
      description = "Texts that are generated together (default: ${DEFAULT-VALUE}).")
  private int[] texts = {};

  @Option(
      names = "--steps",
      defaultValue = "10",
      description =
          "Training steps that count, after " + WARM_UP + " others (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--matrix",
      paramLabel = "N",
      defaultValue = "8192",
      description = "Rows and columns of the matrices (default: ${DEFAULT-VALUE}).")
  private int matrix;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    requireSizes();
    Placement placement = device.placement();
    print(
        "%s, %s, %s".formatted(placement.device(), precision(placement), Libtorch.load().origin()));
    List<DeviceContract.Finding> findings = DeviceContract.check(placement);
    findings.forEach(this::print);
    TransformerShape shape = size.forLength(length);
    double rate = MatrixRate.measure(placement, matrix);
    print(
        row(
            "products of %1$d x %1$d".formatted(matrix),
            String.format(Locale.ROOT, "%.2f TFLOP/s", rate / 1e12)));
    var report = new LinkedHashMap<String, Object>();
    report.put("device", placement.device().toString());
    report.put("precision", precision(placement));
    report.put("library", Libtorch.load().origin());
    report.put("contract", findings.stream().map(BenchDevice::described).toList());
    report.put("matrix_flops", rate);
    report.put("training", training(shape, placement, rate));
    report.put("generation", generation(shape, placement));
    if (json) {
      Streams.of(spec).out().println(new JsonMapper().writeValueAsString(report));
      Streams.of(spec).out().flush();
    }
    boolean holds = findings.stream().allMatch(DeviceContract.Finding::holds);
    return holds ? 0 : Failure.JOB_FAILED;
  }

  private void requireSizes() {
    if (length < 4 * WIDTH) {
      throw new IllegalArgumentException(
          "length %d: expected at least %d, for blocks of %d in the middle of a text"
              .formatted(length, 4 * WIDTH, WIDTH));
    }
    if (steps < 1 || matrix < 1) {
      throw new IllegalArgumentException(
          "steps %d and matrix %d: expected at least 1".formatted(steps, matrix));
    }
  }

  private static String precision(Placement placement) {
    return Words.of(placement.precision());
  }

  private static Map<String, Object> described(DeviceContract.Finding finding) {
    var described = new LinkedHashMap<String, Object>();
    described.put("name", finding.name());
    described.put("difference", finding.difference());
    described.put("tolerance", finding.tolerance());
    described.put("holds", finding.holds());
    return described;
  }

  private Map<String, Object> training(TransformerShape shape, Placement placement, double rate) {
    double[] seconds = new double[steps];
    double operations;
    int tokens;
    try (var training = new TrainingSteps(shape, batch, placement)) {
      operations = training.operations();
      tokens = training.tokens();
      for (int step = -WARM_UP; step < steps; step++) {
        long start = System.nanoTime();
        var _ = training.next();
        if (step >= 0) {
          seconds[step] = (System.nanoTime() - start) / 1e9;
        }
      }
    }
    double median = median(seconds);
    var report = new LinkedHashMap<String, Object>();
    report.put("parameters", Parameters.count(shape));
    report.put("ms", median * 1e3);
    report.put("tokens_per_second", tokens / median);
    report.put("share_of_matrix_rate", operations / median / rate);
    print(
        row(
            "training, %d M parameters, batch %d x %d"
                .formatted(Parameters.count(shape) / 1_000_000, batch, length),
            String.format(
                Locale.ROOT,
                "%.0f tokens/s, %.0f ms, %.1f %% of the products' rate",
                tokens / median,
                median * 1e3,
                100 * operations / median / rate)));
    return report;
  }

  private List<Map<String, Object>> generation(TransformerShape shape, Placement placement) {
    Hyperschedule block =
        new HyperscheduleChoice(
                "block", OptionalInt.of(WIDTH), OptionalDouble.of(RATE), OptionalInt.empty())
            .forLength(length);
    var stretch = Stretch.after(length / 2, block, length, block.levels());
    var rows = new ArrayList<Map<String, Object>>();
    try (Parameters initial = Parameters.initial(shape, new Rng(1));
        Parameters parameters =
            initial.copyTo(placement.device()).multiplyIn(placement.precision()).fixed();
        Network network = shape.network(parameters)) {
      for (int count : texts) {
        rows.add(
            generation(
                count,
                () -> stretch.tokensPerSecond(network, count, Request.Caching.CACHED),
                () -> stretch.tokensPerSecond(network, count, Request.Caching.UNCACHED)));
      }
    }
    return rows;
  }

  private Map<String, Object> generation(
      int count, DoubleSupplier cached, DoubleSupplier recomputing) {
    double[] ours = new double[ROUNDS];
    double[] theirs = new double[ROUNDS];
    var _ = cached.getAsDouble();
    for (int round = 0; round < ROUNDS; round++) {
      ours[round] = cached.getAsDouble();
      theirs[round] = recomputing.getAsDouble();
    }
    double speed = median(ours);
    double rival = median(theirs);
    print(
        row(
            "generation, block %d, rate %d, batch %d".formatted(WIDTH, RATE, count),
            String.format(
                Locale.ROOT,
                "%.0f tokens/s, %.1f times as fast as recomputing",
                speed,
                speed / rival)));
    var report = new LinkedHashMap<String, Object>();
    report.put("batch", count);
    report.put("tokens_per_second", speed);
    report.put("recomputing_tokens_per_second", rival);
    report.put("ratio", speed / rival);
    return report;
  }

  private static double median(double[] numbers) {
    double[] rising = numbers.clone();
    Arrays.sort(rising);
    return (rising[(rising.length - 1) / 2] + rising[rising.length / 2]) / 2;
  }

  private void print(DeviceContract.Finding finding) {
    print(
        row(
            finding.name(),
            String.format(
                Locale.ROOT,
                "differs by %.1e, at most %.1e%s",
                finding.difference(),
                finding.tolerance(),
                finding.holds() ? "" : ": BEYOND")));
  }

  private static String row(String name, String numbers) {
    return "%-48s%s".formatted(name, numbers);
  }

  private void print(String line) {
    if (!json) {
      PrintWriter out = Streams.of(spec).out();
      out.println(line);
      out.flush();
    }
  }
}
