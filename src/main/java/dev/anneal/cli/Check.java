package dev.anneal.cli;

import dev.anneal.model.GptShape;
import dev.anneal.model.Placement;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.TrainedNetwork;
import dev.anneal.store.published.Difference;
import dev.anneal.store.published.ExpectedCase.Unmasked;
import dev.anneal.store.published.ExpectedOutputs;
import dev.anneal.store.published.PublishedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal check}: compares a model with what another implementation computes. */
@Command(
    name = "check",
    description = {
      "Run a model on stored inputs and compare its outputs with the stored ones.",
      "Ends with 0 if none differs by more than the tolerance, else with 1."
    })
final class Check implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "A model folder, Anneal's or a published one.")
  private Path model = Path.of("");

  @Option(
      names = "--expected",
      required = true,
      paramLabel = "FILE",
      description =
          "Cases in a safetensors file: CASE/input_ids, /output and, where needed, /sigma,"
              + " /may_look and /rows.")
  private Path expected = Path.of("");

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      defaultValue = "1e-4",
      description = "The largest difference allowed (default: ${DEFAULT-VALUE}).")
  private double tolerance;

  @Mixin private final DeviceOptions device = new DeviceOptions();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException("tolerance %s: expected 0 or more".formatted(tolerance));
    }
    try (TrainedNetwork trained = load(device.placement());
        ExpectedOutputs outputs = ExpectedOutputs.open(expected)) {
      List<Difference> differences = outputs.compare(trained.network(), unmasked(trained));
      boolean within = differences.stream().allMatch(each -> each.isWithin(tolerance));
      print(differences, within);
      return within ? 0 : Failure.JOB_FAILED;
    }
  }

  private TrainedNetwork load(Placement on) throws IOException {
    if (ModelConfig.isIn(model)) {
      return TrainedNetwork.load(model, on);
    }
    try (PublishedModel published = PublishedModel.open(model)) {
      return TrainedNetwork.of(published.config(), published.weights(), on);
    }
  }

  /** GPT-2's implementations look back only, without being told. */
  private static Unmasked unmasked(TrainedNetwork trained) {
    return trained.config().shape() instanceof GptShape ? Unmasked.CAUSAL : Unmasked.EVERYTHING;
  }

  private void print(List<Difference> differences, boolean within) {
    Streams streams = Streams.of(spec);
    if (json) {
      var outputs = new ArrayList<Map<String, Object>>();
      for (Difference each : differences) {
        var output = new LinkedHashMap<String, Object>();
        output.put("case", each.name());
        output.put("rows", each.rows());
        output.put("absolute", each.absolute());
        output.put("relative", each.relative());
        outputs.add(output);
      }
      var report = new LinkedHashMap<String, Object>();
      report.put("outputs", outputs);
      report.put("tolerance", tolerance);
      report.put("within", within);
      streams.out().println(new JsonMapper().writeValueAsString(report));
    } else {
      differences.forEach(each -> streams.out().println(line(each)));
      streams.out().println((within ? "within " : "beyond ") + tolerance);
    }
    streams.out().flush();
  }

  private static String line(Difference each) {
    return String.format(
        Locale.ROOT,
        "%-24s %6d rows   absolute %.2e   relative %.2e",
        each.name(),
        each.rows(),
        each.absolute(),
        each.relative());
  }
}
