package dev.anneal.cli;

import dev.anneal.data.Digest;
import dev.anneal.data.TokenFile;
import dev.anneal.evaluate.Batch;
import dev.anneal.evaluate.ChainRule;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.ExactBound;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.evaluate.KeptMeasurement;
import dev.anneal.evaluate.LikelihoodProtocol;
import dev.anneal.evaluate.LikelihoodProtocol.Way;
import dev.anneal.evaluate.LossTally;
import dev.anneal.evaluate.MaskedLikelihood;
import dev.anneal.evaluate.Masking;
import dev.anneal.evaluate.Passages;
import dev.anneal.evaluate.RandomMasks;
import dev.anneal.evaluate.SequenceEstimator;
import dev.anneal.evaluate.TextLikelihood;
import dev.anneal.evaluate.TextMeasurement;
import dev.anneal.evaluate.Timing;
import dev.anneal.noise.Corruption;
import dev.anneal.objective.BoundEstimate;
import dev.anneal.objective.Noising;
import dev.anneal.objective.SequenceBound;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.store.Model;
import dev.anneal.tensor.Libtorch;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/** Measures the likelihood of a text: goes on where a run that was killed had been. */
final class LikelihoodMeasurement {
  private final Evaluation evaluation;
  private final Model model;
  private final Fingerprint.Source source;
  private final Asked asked;

  /**
   * What is asked for.
   *
   * @param protocol how it is measured
   * @param hyperschedule of the exact bound
   * @param sequences how many at most; all if absent
   * @param batch how many go through the model at once; as many as fit if absent
   */
  record Asked(
      LikelihoodProtocol protocol,
      Hyperschedule hyperschedule,
      OptionalInt sequences,
      Optional<Batch> batch) {}

  LikelihoodMeasurement(
      Evaluation evaluation, Model model, Fingerprint.Source source, Asked asked) {
    this.evaluation = evaluation;
    this.model = model;
    this.source = source;
    this.asked = asked;
  }

  /** A text that is to be measured, and how. */
  record Subject(TextOptions texts, TokenFile tokens, TextMeasurement measurement) {}

  /**
   * Reads a text.
   *
   * @throws IOException if it cannot be read, or there is none
   */
  Subject subject(TextOptions texts) throws IOException {
    TokenFile tokens = texts.tokens(model.tokenizer(), evaluation.streams());
    var passages =
        new Passages(
            tokens,
            model.tokenizer(),
            asked.protocol.cut(),
            model.config().longest(),
            new Rng(evaluation.seed()));
    int count = Math.min(passages.count(), asked.sequences.orElse(Integer.MAX_VALUE));
    return new Subject(texts, tokens, new TextMeasurement(passages, count, estimator(count)));
  }

  /** Where losses of a text are added up. */
  LossTally tally(Subject subject) {
    return new LossTally(subject.measurement, model.tokenizer(), asked.protocol.denominator());
  }

  Report measure(TextOptions texts) throws IOException {
    Subject subject = subject(texts);
    LossTally tally = tally(subject);
    Path file =
        Libtorch.cacheFolder()
            .resolve("evaluations")
            .resolve(key(fingerprint(subject), choices(subject)) + ".rows");
    var measurement = new KeptMeasurement(subject.measurement, tally);
    int kept = run(measurement, file, subject.measurement.count());
    return report(subject, tally, kept);
  }

  /**
   * What a text's losses come to.
   *
   * @param tally with all of them
   * @param kept how many sequences an earlier run had measured
   */
  Report report(Subject subject, LossTally tally, int kept) {
    TextLikelihood likelihood = tally.likelihood();
    var report =
        new EvaluationReport(
            EvaluationReport.FORMAT,
            fingerprint(subject),
            choices(subject),
            likelihood.figures(),
            Optional.of(likelihood.details()),
            Optional.empty(),
            new Timing(evaluation.started(), evaluation.seconds(), kept));
    return LikelihoodReport.of(report, likelihood, subject.measurement.estimator().described());
  }

  private int run(KeptMeasurement measurement, Path file, int count) throws IOException {
    try (var progress = new WorkProgress(evaluation.streams(), "measuring", "sequences", count)) {
      return measurement.run(file, progress::at);
    }
  }

  private SequenceEstimator estimator(int sequences) {
    var rng = new Rng(evaluation.seed());
    LikelihoodProtocol protocol = asked.protocol;
    return switch (protocol.way()) {
      case EXACT ->
          new ExactBound(
              model.network(),
              noising(),
              new SequenceBound.Draws(rng, sequences, protocol.draws()),
              batch());
      case MASKED -> masked(new RandomMasks(protocol.draws(), protocol.survival()), rng);
      case CHAIN_RULE -> masked(new ChainRule(), rng);
    };
  }

  private MaskedLikelihood masked(Masking masking, Rng rng) {
    return new MaskedLikelihood(model.network(), model.config().alignment(), masking, rng, batch());
  }

  private Batch batch() {
    return asked.batch.orElseGet(
        () -> new Batch(BoundEstimate.together(model.network(), model.network().length())));
  }

  private Noising noising() {
    return new Noising(
            asked.hyperschedule,
            Noising.Times.GRID,
            model.config().context(),
            model.config().noise(),
            new Corruption(model.tokenizer().size(), model.tokenizer().mask()))
        .withAlignment(model.config().alignment());
  }

  private SequencedMap<String, String> choices(Subject subject) {
    TextMeasurement measurement = subject.measurement;
    LikelihoodProtocol protocol = asked.protocol;
    var choices = new LinkedHashMap<String, String>();
    choices.put("estimate", Words.of(protocol.way()));
    if (protocol.way() == Way.EXACT) {
      choices.put("hyperschedule", asked.hyperschedule.described());
    }
    if (protocol.way() != Way.CHAIN_RULE) {
      choices.put("draws", String.valueOf(protocol.draws()));
    }
    if (protocol.survival() > 0) {
      choices.put("survival", String.valueOf(protocol.survival()));
    }
    choices.put("sequence_length", String.valueOf(measurement.passages().length()));
    choices.put("cut", Words.of(protocol.cut()));
    choices.put("overlap", "none");
    choices.put("start", "first token");
    choices.put("denominator", Words.of(protocol.denominator()));
    choices.put(
        "sequences", "%d of %d".formatted(measurement.count(), measurement.passages().count()));
    choices.putAll(subject.texts.choices());
    choices.put("batch", String.valueOf(batch().size()));
    return choices;
  }

  private Fingerprint fingerprint(Subject subject) {
    TokenFile tokens = subject.tokens;
    return new Fingerprint(
        Version.number(),
        evaluation.protocolName(),
        evaluation.seed(),
        Optional.of(source),
        Optional.of(new Fingerprint.Source(source.name(), tokens.tokenizerDigest())),
        Optional.of(new Fingerprint.Source(subject.texts.names(), tokens.sourceDigest())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Of everything that the losses follow from. */
  private static String key(Fingerprint fingerprint, SequencedMap<String, String> choices) {
    return Digest.of((fingerprint + "\n" + choices).getBytes(StandardCharsets.UTF_8));
  }
}
