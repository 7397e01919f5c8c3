package dev.anneal.cli;

import dev.anneal.data.Tokenizer;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Draft;
import dev.anneal.sample.Generation;
import dev.anneal.sample.Generator;
import dev.anneal.sample.Request;
import dev.anneal.sample.TokenChoice;
import dev.anneal.sample.Trace;
import dev.anneal.schedule.Hyperschedule;
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

/** {@code anneal generate}: continues a prompt, fills gaps, or writes from nothing. */
@Command(
    name = "generate",
    description = {
      "Generate text; it appears as it settles.",
      "With the same seed a text comes out the same, alone or in company, cached or not."
    })
final class Generate implements Callable<Integer> {

  /** Long enough for a paragraph, short enough for seconds. */
  private static final int DEFAULT_LENGTH = 128;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What the text begins with; {{8}} in it is a gap of eight tokens to fill.")
  private String prompt = "";

  @Option(
      names = "--length",
      paramLabel = "N",
      description =
          "Tokens of the text, prompt included (default: 128, or the model's limit); a prompt with"
              + " gaps has its own length.")
  private @Nullable Integer length;

  @Option(
      names = "--samples",
      paramLabel = "K",
      defaultValue = "1",
      description = "How many texts (default: ${DEFAULT-VALUE}).")
  private int samples;

  @Mixin private final HyperscheduleOptions hyperschedule = new HyperscheduleOptions();

  @Mixin private final SamplerOptions sampler = new SamplerOptions();

  @Option(
      names = "--temperature",
      paramLabel = "X",
      defaultValue = "1",
      description = "Below 1 prefers likely tokens, 0 takes the likeliest (default: 1).")
  private double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "X",
      defaultValue = "1",
      description = "Draw from the likeliest tokens whose chances reach X (default: 1, all).")
  private double topP;

  @Option(
      names = "--guidance",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "How much more the text follows what is known of it; costs a second evaluation (default:"
              + " 0, off).")
  private double guidance;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Another seed is another text (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--no-cache",
      description = "Compute keys and values of the whole text in every call.")
  private boolean uncached;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Write every change of every step to a JSON file.")
  private @Nullable Path trace;

  @Option(names = "--json", description = "Print one JSON object instead of the text.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Streams streams = Streams.of(spec);
    try (Model loaded = model.load()) {
      Request request = request(loaded);
      var recorded = new Trace(request);
      var printer = new TextPrinter(streams, loaded.tokenizer(), request, json);
      Generation generation =
          new Generator(loaded.network())
              .generate(request, trace == null ? printer : printer.and(recorded));
      printer.finish(generation, json);
      if (trace != null) {
        Files.writeString(trace, recorded.json() + "\n", StandardCharsets.UTF_8);
      }
      if (json) {
        streams.out().println(report(loaded.tokenizer(), request, generation));
      }
    }
    streams.out().flush();
    return 0;
  }

  private Request request(Model loaded) {
    int longest = loaded.config().longest();
    Draft draft =
        Gaps.parse(prompt, loaded.tokenizer())
            .draft(length == null ? Math.min(DEFAULT_LENGTH, longest) : length, samples);
    if (draft.order().length() > longest) {
      throw new IllegalArgumentException(
          "length %d is more than the model's: expected at most %d"
              .formatted(draft.order().length(), longest));
    }
    Hyperschedule chosen = hyperschedule.forLength(Math.max(1, draft.order().unknown()));
    var decoding =
        new Decoding(
            chosen,
            loaded.config().alignment(),
            loaded.config().context(),
            loaded.config().noise(),
            sampler.sampler(loaded.config().noise()),
            new TokenChoice(temperature, topP, guidance));
    return new Request(
        draft,
        decoding,
        new Rng(seed),
        0,
        uncached ? Request.Caching.UNCACHED : Request.Caching.CACHED);
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
