package dev.anneal.cli;

import dev.anneal.data.Chunks;
import dev.anneal.data.Digest;
import dev.anneal.data.TokenFile;
import dev.anneal.data.Tokenizer;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.evaluate.GenerationDetails;
import dev.anneal.evaluate.GenerationQuality;
import dev.anneal.evaluate.Judge;
import dev.anneal.evaluate.JudgePerplexity;
import dev.anneal.evaluate.Judging;
import dev.anneal.evaluate.KeptRows;
import dev.anneal.evaluate.Mauve;
import dev.anneal.evaluate.People;
import dev.anneal.evaluate.Replay;
import dev.anneal.evaluate.SampleProtocol;
import dev.anneal.evaluate.SampleProtocol.Definition;
import dev.anneal.evaluate.Samples;
import dev.anneal.evaluate.Timing;
import dev.anneal.store.Model;
import dev.anneal.store.ModelConfig;
import dev.anneal.tensor.Libtorch;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** Measures generated texts: what cannot work is refused before anything is generated. */
final class SampleMeasurement {
  private final Evaluation evaluation;
  private final ModelOptions model;
  private final GenerationOptions generation;
  private final TextOptions reading;
  private final Asked asked;

  /**
   * What is asked for.
   *
   * @param file of the texts; absent if they are to be generated
   * @param protocol how they are measured
   * @param judge a model's folder; absent if there is none
   * @param reference files with texts of people; none if there are none
   */
  record Asked(
      Optional<Path> file, SampleProtocol protocol, Optional<String> judge, List<Path> reference) {}

  /**
   * A judge that is not loaded yet.
   *
   * @param folder its model folder
   * @param config what it is
   * @param tokenizer what it reads texts with
   */
  private record Named(Path folder, ModelConfig config, Tokenizer tokenizer) {}

  /**
   * Texts of people, and where they come from.
   *
   * @param people the texts
   * @param source the files
   */
  private record Reference(People people, Fingerprint.Source source) {}

  SampleMeasurement(
      Evaluation evaluation,
      ModelOptions model,
      GenerationOptions generation,
      TextOptions reading,
      Asked asked) {
    this.evaluation = evaluation;
    this.model = model;
    this.generation = generation;
    this.reading = reading;
    this.asked = asked;
  }

  Report measure() throws IOException {
    Optional<SampleTexts> read =
        asked.file.isPresent()
            ? Optional.of(SampleTexts.read(asked.file.orElseThrow()))
            : Optional.empty();
    if (read.isPresent()) {
      requireNumber(read.orElseThrow().samples());
    }
    int count = read.map(texts -> texts.samples().count()).orElse(asked.protocol.texts());
    Optional<Named> judge = named();
    Optional<Reference> reference =
        judge.isPresent() ? reference(judge.orElseThrow(), count) : Optional.empty();
    SampleTexts texts =
        read.isPresent() ? fitting(read.orElseThrow(), judge) : generated(judge, count);
    return measured(texts, judge, reference);
  }

  private Report measured(SampleTexts texts, Optional<Named> judge, Optional<Reference> reference)
      throws IOException {
    Fingerprint fingerprint = fingerprint(texts, reference);
    SequencedMap<String, String> choices = choices(texts, reference);
    GenerationQuality quality =
        judge.isPresent()
            ? judged(texts.samples(), judge.orElseThrow(), reference, fingerprint + "\n" + choices)
            : GenerationQuality.measure(texts.samples(), Judging.none());
    var report =
        new EvaluationReport(
            EvaluationReport.FORMAT,
            fingerprint,
            choices,
            quality.figures(),
            Optional.empty(),
            Optional.of(new GenerationDetails(texts.made(), quality.texts())),
            new Timing(evaluation.started(), evaluation.seconds(), texts.kept()));
    texts.discard();
    return SampleReport.of(report, asked.judge)
        .withSamples(texts.file().isPresent() ? Optional.empty() : Optional.of(texts.samples()));
  }

  private SequencedMap<String, String> choices(SampleTexts texts, Optional<Reference> reference) {
    var choices = new LinkedHashMap<String, String>();
    choices.put("texts", String.valueOf(texts.samples().count()));
    choices.put("perplexity", Words.of(asked.protocol.definition()));
    reference.ifPresent(
        present -> {
          choices.put("reference_texts", String.valueOf(present.people.texts().size()));
          choices.put("mauve_length", String.valueOf(present.people.length()));
          choices.putAll(reading.choices());
        });
    choices.putAll(texts.choices());
    return choices;
  }

  private Optional<Named> named() throws IOException {
    if (asked.judge.isEmpty()) {
      return Optional.empty();
    }
    Path folder = ModelOptions.folder(asked.judge.orElseThrow());
    ModelConfig config = ModelConfig.read(folder);
    return Optional.of(new Named(folder, config, Model.tokenizer(folder, config)));
  }

  /**
   * The texts of people, as many as there are generated ones.
   *
   * @throws IllegalArgumentException if there are too few of either
   */
  private Optional<Reference> reference(Named judge, int count) throws IOException {
    if (asked.reference.isEmpty()) {
      return Optional.empty();
    }
    TokenFile tokens =
        TextOptions.tokens(
            reading.documents(asked.reference), judge.tokenizer(), evaluation.streams());
    int length =
        Math.min(asked.protocol.mauveLength().orElseThrow(), Judge.featureLength(judge.config()));
    People people = People.of(new Chunks(tokens, length), count);
    Mauve.requireEnough(people, count);
    String names =
        asked.reference.stream()
            .map(file -> String.valueOf(file.getFileName()))
            .collect(Collectors.joining(" "));
    return Optional.of(new Reference(people, new Fingerprint.Source(names, tokens.sourceDigest())));
  }

  private SampleTexts generated(Optional<Named> judge, int count) throws IOException {
    try (Model loaded = model.load()) {
      if (judge.isPresent()) {
        requireFit(judge.orElseThrow(), loaded);
      }
      return SampleTexts.generate(evaluation, loaded, model.source(), generation, count);
    }
  }

  private void requireNumber(Samples samples) {
    int texts = asked.protocol.texts();
    if (texts != SampleProtocol.ANY_NUMBER && samples.count() != texts) {
      throw new IllegalArgumentException(
          "%d texts with --protocol %s: expected %d"
              .formatted(samples.count(), evaluation.protocolName(), texts));
    }
  }

  /** A judge that reads other tokens cannot tell the perplexity of ids. */
  private SampleTexts fitting(SampleTexts read, Optional<Named> judge) {
    if (judge.isPresent()
        && asked.protocol.definition() != Definition.TEXTS
        && JudgePerplexity.misfit(judge.orElseThrow().tokenizer(), read.samples()).isPresent()) {
      throw misfit();
    }
    return read;
  }

  private void requireFit(Named judge, Model writer) throws IOException {
    if (asked.protocol.definition() != Definition.TEXTS
        && !writer.tokenizer().digest().equals(judge.tokenizer().digest())) {
      throw misfit();
    }
    try (Model loaded = Model.load(judge.folder(), model.placement())) {
      Judge.of(loaded); // refused now, not after hours
    }
  }

  private IllegalArgumentException misfit() {
    return new IllegalArgumentException(
        "judge %s reads other tokens than the texts were generated as: expected a judge of the same"
                .formatted(asked.judge.orElseThrow())
            + " tokenizer, or --perplexity texts");
  }

  private Fingerprint fingerprint(SampleTexts texts, Optional<Reference> reference)
      throws IOException {
    return new Fingerprint(
        Version.number(),
        evaluation.protocolName(),
        evaluation.seed(),
        texts.model(),
        texts.tokenizer(),
        Optional.empty(),
        texts.file(),
        asked.judge.isPresent()
            ? Optional.of(ModelOptions.source(asked.judge.orElseThrow()))
            : Optional.empty(),
        reference.map(Reference::source));
  }

  /**
   * Asks the judge.
   *
   * @param key all that its answers follow from
   */
  private GenerationQuality judged(
      Samples samples, Named judge, Optional<Reference> reference, String key) throws IOException {
    String name = Digest.of(key.getBytes(StandardCharsets.UTF_8));
    Path file = Libtorch.cacheFolder().resolve("evaluations").resolve(name + ".judged");
    int width = Math.max(2, judge.config().shape().channels()) + 1;
    Optional<People> people = reference.map(Reference::people);
    try (Model loaded = Model.load(judge.folder(), model.placement());
        KeptRows rows = KeptRows.open(file, width);
        var progress =
            new WorkProgress(evaluation.streams(), "judging", "steps", steps(samples, people))) {
      int kept = rows.count();
      progress.at(kept, kept);
      var judging =
          new Judging(
              Optional.of(Judge.of(loaded)),
              people,
              asked.protocol.definition(),
              new Rng(evaluation.seed()),
              Replay.of(rows, done -> progress.at(done, kept)));
      GenerationQuality quality = GenerationQuality.measure(samples, judging);
      rows.discard();
      return quality;
    }
  }

  /** How many times the judge is asked. */
  private int steps(Samples samples, Optional<People> people) {
    int perplexities = asked.protocol.definition() == Definition.BOTH ? 2 : 1;
    return perplexities * samples.count()
        + people.map(present -> present.texts().size() + samples.count()).orElse(0);
  }
}
