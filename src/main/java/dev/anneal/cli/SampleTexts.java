package dev.anneal.cli;

import dev.anneal.data.Digest;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.evaluate.GenerationDetails.Made;
import dev.anneal.evaluate.KeptRows;
import dev.anneal.evaluate.Samples;
import dev.anneal.sample.Generator;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import dev.anneal.store.Model;
import dev.anneal.tensor.Libtorch;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The texts that are measured, and where they come from.
 *
 * @param samples the texts
 * @param model that wrote them; absent for those from a file
 * @param tokenizer of their ids; absent for those from a file
 * @param file that they were read from; absent for those that were generated
 * @param made how; absent for those from a file
 * @param described the same for a report
 * @param kept how many of them a run that was killed had generated
 * @param keep where they are kept until all is measured; absent for those from a file
 */
record SampleTexts(
    Samples samples,
    Optional<Fingerprint.Source> model,
    Optional<Fingerprint.Source> tokenizer,
    Optional<Fingerprint.Source> file,
    Optional<Made> made,
    Map<String, Object> described,
    int kept,
    Optional<Path> keep) {

  /** How many texts are generated together; which ones does not change them. */
  private static final int BATCH = 16;

  /** Texts from a file. */
  static SampleTexts read(Path file) throws IOException {
    Samples samples = Samples.read(file);
    var source = new Fingerprint.Source(String.valueOf(file.getFileName()), Digest.of(file));
    return new SampleTexts(
        samples,
        Optional.empty(),
        Optional.empty(),
        Optional.of(source),
        Optional.empty(),
        Map.of(),
        0,
        Optional.empty());
  }

  /**
   * Generates texts: goes on where a run that was killed had been.
   *
   * @param wanted how many
   */
  static SampleTexts generate(
      Evaluation evaluation,
      Model model,
      Fingerprint.Source source,
      GenerationOptions generation,
      int wanted)
      throws IOException {
    var maker = new Maker(evaluation, model, generation);
    Request first = maker.request(0, 1);
    Map<String, Object> described = GenerationOptions.described(first);
    if (!generation.prompt().isEmpty()) {
      described.put("prompt", generation.prompt());
    }
    String key = source + "\n" + described + "\n" + evaluation.seed() + "\n" + Version.number();
    List<int[]> ids = new ArrayList<>();
    Path keep = file(key);
    int kept = maker.make(ids, wanted, keep, first.draft().order().length());
    return new SampleTexts(
        Samples.generated(ids, model.tokenizer()),
        Optional.of(source),
        Optional.of(new Fingerprint.Source(source.name(), model.tokenizer().digest())),
        Optional.empty(),
        Optional.of(GenerationOptions.made(first)),
        described,
        kept,
        Optional.of(keep));
  }

  /** All is measured: no text needs to be kept for another run. */
  void discard() throws IOException {
    if (keep.isPresent()) {
      Files.deleteIfExists(keep.orElseThrow());
    }
  }

  /** Where texts are kept while they are generated. */
  private static Path file(String key) {
    String name = Digest.of(key.getBytes(StandardCharsets.UTF_8));
    return Libtorch.cacheFolder().resolve("evaluations").resolve(name + ".texts");
  }

  /** How they were generated, for a report. */
  Map<String, String> choices() {
    var choices = new LinkedHashMap<String, String>();
    described.forEach((name, value) -> choices.put(name, String.valueOf(value)));
    return choices;
  }

  /** Generates texts, batch by batch. */
  private record Maker(Evaluation evaluation, Model model, GenerationOptions generation) {

    Request request(int first, int count) {
      var rng = new Rng(evaluation.seed());
      return evaluation.protocol().isPresent()
          ? generation.request(model, rng, first, count, model.config().longest())
          : generation.request(model, rng, first, count);
    }

    /**
     * Generates.
     *
     * @param texts are added here
     * @param file of those that an earlier run made
     * @return how many these were
     */
    int make(List<int[]> texts, int wanted, Path file, int length) throws IOException {
      try (KeptRows rows = KeptRows.open(file, length);
          var progress = new WorkProgress(evaluation.streams(), "generating", "texts", wanted)) {
        rows.truncate(rows.count() < wanted ? rows.count() / BATCH * BATCH : wanted);
        int kept = rows.count();
        for (int i = 0; i < kept; i++) {
          texts.add(Arrays.stream(rows.row(i)).mapToInt(id -> (int) id).toArray());
        }
        progress.at(kept, kept);
        while (texts.size() < wanted) {
          make(texts, Math.min(BATCH, wanted - texts.size()), rows);
          progress.at(texts.size(), kept);
        }
        return kept;
      }
    }

    private void make(List<int[]> texts, int count, KeptRows rows) throws IOException {
      Request request = request(texts.size(), count);
      for (int[] ids : new Generator(model.network()).generate(request, Listener.NONE).texts()) {
        rows.add(Arrays.stream(ids).asDoubleStream().toArray());
        texts.add(ids);
      }
    }
  }
}
