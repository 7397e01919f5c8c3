package dev.anneal.cli;

import dev.anneal.data.Chunks;
import dev.anneal.data.Digest;
import dev.anneal.data.TokenFile;
import dev.anneal.evaluate.Figure;
import dev.anneal.evaluate.GenerationQuality;
import dev.anneal.evaluate.Judge;
import dev.anneal.evaluate.People;
import dev.anneal.evaluate.Samples;
import dev.anneal.sample.Generator;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import dev.anneal.store.Model;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code anneal evaluate} that name generated texts and who judges them. */
final class SampleOptions {

  /** How many texts are generated together; which ones does not change them. */
  private static final int BATCH = 16;

  @Option(
      names = "--samples",
      paramLabel = "FILE",
      description =
          "Measure generated texts: a .json file that generate --json printed, or .jsonl or .txt"
              + " with texts alone.")
  private @Nullable Path file;

  @Option(
      names = "--generate",
      paramLabel = "K",
      description = "Generate K texts, with the options of generate, and measure them.")
  private @Nullable Integer count;

  @Option(
      names = "--judge",
      paramLabel = "DIR",
      description = "The causal model, such as an imported GPT-2, that judges generated texts.")
  private @Nullable String judge;

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      arity = "1..*",
      description = "Texts of people, to compare the generated ones with (MAUVE).")
  private List<Path> reference = List.of();

  @Option(
      names = "--mauve-length",
      paramLabel = "N",
      defaultValue = "128",
      description = "How many of a text's tokens MAUVE looks at (default: ${DEFAULT-VALUE}).")
  private int mauveLength;

  /**
   * Whether generated texts are to be measured.
   *
   * @throws IllegalArgumentException if two are named, or what needs others stands alone
   */
  boolean given() {
    if (file != null && count != null) {
      throw new IllegalArgumentException("--samples and --generate: expected one of them");
    }
    boolean given = file != null || count != null;
    if (judge != null && !given) {
      throw new IllegalArgumentException("--judge: expected --samples or --generate with it");
    }
    if (!reference.isEmpty() && judge == null) {
      throw new IllegalArgumentException("--reference: expected --judge with it");
    }
    return given;
  }

  /**
   * Measures the texts.
   *
   * @param model who writes those that are to be generated
   * @param reading how texts of people are read
   * @throws IOException if a model or the texts cannot be read
   */
  Report measure(ModelOptions model, GenerationOptions generation, TextOptions reading, long seed)
      throws IOException {
    var report = new LinkedHashMap<String, Object>();
    Samples samples =
        file == null ? generated(model, generation, seed, report) : read(file, report);
    report.put("samples", samples.count());
    report.put("seed", seed);
    if (judge == null) {
      return report(report, GenerationQuality.measure(samples, Optional.empty()));
    }
    Path folder = ModelOptions.folder(judge);
    report.put("judge", judge);
    report.put("judge_digest", ModelOptions.digest(folder));
    try (Model loaded = Model.load(folder, model.device())) {
      var judging = Judge.of(loaded);
      Optional<People> people =
          reference.isEmpty()
              ? Optional.empty()
              : Optional.of(people(judging, reading, samples.count(), report));
      return report(
          report, GenerationQuality.measure(samples, Optional.of(judging), people, new Rng(seed)));
    }
  }

  private People people(Judge judging, TextOptions reading, int most, Map<String, Object> report)
      throws IOException {
    TokenFile tokens = TextOptions.tokens(reading.documents(reference), judging.tokenizer());
    var people =
        People.of(new Chunks(tokens, Math.min(mauveLength, judging.featureLength())), most);
    report.put("reference_digest", tokens.sourceDigest());
    report.put("reference_texts", people.texts().size());
    report.put("mauve_length", people.length());
    return people;
  }

  private static Report report(Map<String, Object> report, SequencedMap<String, Figure> figures) {
    var lines = new ArrayList<String>();
    figures.forEach(
        (name, figure) -> {
          report.put(name, figure.entry());
          lines.add(name.replace('_', ' ') + ": " + figure.described());
        });
    return new Report(report, lines);
  }

  private static Samples read(Path file, Map<String, Object> report) throws IOException {
    Samples samples = Samples.read(file);
    report.put("samples_digest", Digest.of(file));
    return samples;
  }

  private Samples generated(
      ModelOptions model, GenerationOptions generation, long seed, Map<String, Object> report)
      throws IOException {
    int wanted = count == null ? 0 : count;
    if (wanted < 1) {
      throw new IllegalArgumentException("generate %d: expected at least 1".formatted(wanted));
    }
    report.put("model_digest", model.digest());
    try (Model loaded = model.load()) {
      List<int[]> texts = new ArrayList<>();
      while (texts.size() < wanted) {
        int batch = Math.min(BATCH, wanted - texts.size());
        Request request = generation.request(loaded, new Rng(seed), texts.size(), batch);
        texts.addAll(new Generator(loaded.network()).generate(request, Listener.NONE).texts());
        report.put("generation", GenerationOptions.described(request));
      }
      return Samples.generated(texts, loaded.tokenizer());
    }
  }
}
