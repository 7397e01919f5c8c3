package dev.anneal.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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

  @Parameters(
      arity = "0..*",
      paramLabel = "TEXT",
      description = "Files of text whose likelihood is measured: .txt, .jsonl, either gzipped.")
  private List<Path> texts = List.of();

  @Mixin private final LikelihoodOptions likelihood = new LikelihoodOptions();

  @Mixin private final SampleOptions samples = new SampleOptions();

  @Mixin private final ModelOptions model = new ModelOptions();

  @Mixin private final GenerationOptions generation = new GenerationOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the drawn noise (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (texts.isEmpty() == !samples.given()) {
      throw new IllegalArgumentException(
          "nothing, or two things to measure: expected TEXT files, --samples or --generate");
    }
    print(
        texts.isEmpty()
            ? samples.measure(model, generation, seed)
            : likelihood.measure(texts, model, generation.hyperschedule(), seed));
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
