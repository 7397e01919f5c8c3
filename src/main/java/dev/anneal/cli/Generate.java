package dev.anneal.cli;

import dev.anneal.data.Tokenizer;
import dev.anneal.sample.Generation;
import dev.anneal.sample.Generator;
import dev.anneal.sample.Request;
import dev.anneal.sample.Trace;
import dev.anneal.store.Model;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal generate}: continues a prompt, fills gaps, corrects, or writes from nothing. */
@Command(
    name = "generate",
    description = {
      "Generate text; it appears as it settles.",
      "With the same seed a text comes out the same, alone or in company, cached or not."
    })
final class Generate implements Callable<Integer>, DividedCommand {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Option(
      names = "--samples",
      paramLabel = "K",
      defaultValue = "1",
      description = "How many texts (default: ${DEFAULT-VALUE}).")
  private int samples;

  @Mixin private final PromptOptions prompts = new PromptOptions();

  @Mixin private final GenerationOptions generation = new GenerationOptions();

  @Mixin private final CorrectionOptions correction = new CorrectionOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Another seed is another text (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Write every change of every step to a JSON file, which the studio opens.")
  private @Nullable Path trace;

  @Option(names = "--json", description = "Print one JSON object instead of the text.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Streams streams = Streams.of(spec);
    if (prompts.given()) {
      Outcome outcome = prompts.engine().run(spec, PromptJob.class, PromptJob::join);
      if (json) {
        outcome.printJson(streams);
      } else {
        outcome.print(streams);
      }
      return 0;
    }
    try (Model loaded = model.load()) {
      Request asked = correction.request(generation, loaded, new Rng(seed), samples);
      Request request = trace == null ? asked : asked.tellingConfidence();
      var recorded = new Trace(request, loaded.tokenizer());
      var printer = new TextPrinter(streams, loaded.tokenizer(), request, json);
      Generation made =
          new Generator(loaded.network())
              .generate(request, trace == null ? printer : printer.and(recorded));
      printer.finish(made, json);
      if (trace != null) {
        Files.writeString(trace, recorded.json() + "\n", StandardCharsets.UTF_8);
      }
      if (json) {
        streams.out().println(report(loaded.tokenizer(), request, made));
      }
    }
    streams.out().flush();
    return 0;
  }

  @Override
  public Divided job() throws IOException {
    if (samples != 1 || trace != null) {
      throw new IllegalArgumentException(
          "--prompts with --samples or --trace: expected a line for each text, and no trace");
    }
    correction.requireNone();
    return prompts.job(model, generation, seed);
  }

  private static String report(Tokenizer tokenizer, Request request, Generation generation) {
    List<Map<String, Object>> texts = new ArrayList<>();
    for (int[] ids : generation.texts()) {
      var text = new LinkedHashMap<String, Object>();
      text.put("text", tokenizer.decode(ids));
      text.put("ids", ids);
      texts.add(text);
    }
    var report = new LinkedHashMap<String, Object>();
    report.put("samples", texts);
    report.put("calls", generation.calls());
    report.put("seconds", generation.time().toNanos() / 1e9);
    report.put("seed", request.rng().seed());
    report.put("hyperschedule", request.decoding().hyperschedule().name());
    report.put("sampler", request.decoding().sampler().name());
    return new JsonMapper().writeValueAsString(report);
  }
}
