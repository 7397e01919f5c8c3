package dev.anneal.cli;

import dev.anneal.data.Chunks;
import dev.anneal.data.Documents;
import dev.anneal.data.Progress;
import dev.anneal.data.TokenFile;
import dev.anneal.noise.Corruption;
import dev.anneal.objective.BoundEstimate;
import dev.anneal.objective.Noising;
import dev.anneal.recipe.Split;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.store.Model;
import dev.anneal.tensor.Libtorch;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
      "Measure the exact bound on a text's negative log-likelihood, in nats per token, under a"
          + " hyperschedule.",
      "For quenched the bound is the likelihood itself.",
      "With --samples or --generate: measure generated texts instead."
    })
final class Evaluate implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "TEXT",
      description = "Files of text whose likelihood is measured: .txt, .jsonl, either gzipped.")
  private List<Path> texts = List.of();

  @Mixin private final SampleOptions samples = new SampleOptions();

  @Mixin private final ModelOptions model = new ModelOptions();

  @Mixin private final GenerationOptions generation = new GenerationOptions();

  @Option(
      names = "--sequences",
      paramLabel = "N",
      description = "Measure N sequences spread over the text (default: all).")
  private @Nullable Integer sequences;

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
    if (samples.given()) {
      print(samples.measure(model, generation, seed));
    } else {
      measureLikelihood();
    }
    return 0;
  }

  private void measureLikelihood() throws IOException {
    try (Model loaded = model.load()) {
      TokenFile tokens =
          TokenFile.prepare(
              Libtorch.cacheFolder().resolve("tokens"),
              new Documents(texts, Split.FILE, "text"),
              loaded.tokenizer(),
              Progress.silent());
      int length = loaded.config().longest();
      var chunks = new Chunks(tokens, length);
      Hyperschedule chosen = generation.hyperschedule().forLength(length);
      var noising =
          new Noising(
                  chosen,
                  Noising.Times.GRID,
                  loaded.config().context(),
                  loaded.config().noise(),
                  new Corruption(loaded.tokenizer().size(), loaded.tokenizer().mask()))
              .withAlignment(loaded.config().alignment());
      int count = count(chunks.count());
      print(
          chosen,
          BoundEstimate.measure(
              loaded.network(),
              noising,
              i -> chunks.sequence(i * chunks.count() / count),
              count,
              new Rng(seed)));
    }
  }

  private int count(long all) {
    if (sequences == null) {
      return Math.toIntExact(all);
    }
    if (sequences < 1) {
      throw new IllegalArgumentException("sequences %d: expected at least 1".formatted(sequences));
    }
    return (int) Math.min(sequences, all);
  }

  private void print(SampleOptions.Measured measured) {
    Streams streams = Streams.of(spec);
    if (json) {
      var report = new LinkedHashMap<String, Object>(measured.provenance());
      measured.figures().forEach((name, figure) -> report.put(name, figure.entry()));
      streams.out().println(new JsonMapper().writeValueAsString(report));
    } else {
      measured
          .figures()
          .forEach(
              (name, figure) ->
                  streams.out().println(name.replace('_', ' ') + ": " + figure.described()));
    }
    streams.out().flush();
  }

  private void print(Hyperschedule chosen, BoundEstimate estimate) {
    Streams streams = Streams.of(spec);
    if (json) {
      var report = new LinkedHashMap<String, Object>();
      report.put("hyperschedule", chosen.name());
      report.put("nats_per_token", estimate.nats());
      report.put("standard_error", estimate.standardError());
      report.put("perplexity", estimate.perplexity());
      report.put("sequences", estimate.sequences());
      report.put("tokens", estimate.tokens());
      report.put("seed", seed);
      streams.out().println(new JsonMapper().writeValueAsString(report));
    } else {
      streams
          .out()
          .println(
              String.format(
                  Locale.ROOT,
                  "%s: %.4f ± %.4f nats per token, perplexity %.2f, on %,d tokens",
                  chosen.described(),
                  estimate.nats(),
                  estimate.standardError(),
                  estimate.perplexity(),
                  estimate.tokens()));
    }
    streams.out().flush();
  }
}
