package dev.anneal.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal evaluate}: how well a model knows a text, or how good its own texts are. */
@Command(
    name = "evaluate",
    description = {
      "Measure a bound on a text's negative log-likelihood, in nats per token: the exact one under a"
          + " hyperschedule (for quenched it is the likelihood itself), or that of masked"
          + " diffusion.",
      "With --samples or --generate: measure generated texts instead."
    })
final class Evaluate implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final TextOptions texts = new TextOptions();

  @Mixin private final LikelihoodOptions likelihood = new LikelihoodOptions();

  @Mixin private final SampleOptions samples = new SampleOptions();

  @Mixin private final ModelOptions model = new ModelOptions();

  @Mixin private final GenerationOptions generation = new GenerationOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of whatever is drawn (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (texts.given() == samples.given()) {
      throw new IllegalArgumentException(
          "nothing, or two things to measure: expected TEXT files, --samples or --generate");
    }
    print(
        texts.given()
            ? likelihood.measure(texts, model, generation.hyperschedule(), seed)
            : samples.measure(model, generation, texts, seed));
    return 0;
  }

  private void print(Report report) {
    Streams streams = Streams.of(spec);
    if (json) {
      streams.out().println(new JsonMapper().writeValueAsString(report.json()));
    } else {
      report.lines().forEach(streams.out()::println);
    }
    streams.out().flush();
  }
}
