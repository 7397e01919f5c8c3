package dev.anneal.study;

import dev.anneal.evaluate.Calibration;
import dev.anneal.evaluate.Estimate;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.Figure;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.evaluate.GenerationDetails;
import dev.anneal.evaluate.GenerationDetails.TextValues;
import dev.anneal.evaluate.LikelihoodDetails;
import dev.anneal.evaluate.LikelihoodDetails.PositionLoss;
import dev.anneal.evaluate.TextSize;
import dev.anneal.evaluate.Timing;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/** Reports made by hand. */
final class Reports {
  private Reports() {}

  static Fingerprint.Source source(String name) {
    return new Fingerprint.Source(name, "digest-of-" + name);
  }

  private static Fingerprint fingerprint(String model, Optional<Fingerprint.Source> data) {
    return new Fingerprint(
        "0.1.0",
        "none",
        1,
        Optional.of(source(model)),
        Optional.empty(),
        data,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static EvaluationReport likelihood(String model, String text, double nats) {
    return likelihood(model, new Fingerprint.Source(text, "digest-of-" + text), nats);
  }

  static EvaluationReport likelihood(String model, Fingerprint.Source text, double nats) {
    return report(
        fingerprint(model, Optional.of(text)),
        choices("estimate", "exact", "hyperschedule", "flat"),
        figures("nats_per_token", nats, "perplexity", Math.exp(nats)),
        Optional.of(
            new LikelihoodDetails(
                LikelihoodDetails.Unit.SEQUENCES,
                2,
                new TextSize(4, 4, 4),
                List.of(new PositionLoss(0, nats + 1, 2), new PositionLoss(1, nats - 1, 2)),
                List.of(),
                new Calibration(
                    List.of(
                        new Calibration.Bin(0, 0.5, 99, 0.25, 1),
                        new Calibration.Bin(0.5, 1, 100, 0.75, 0.5))))),
        Optional.empty());
  }

  /** Texts of equal entropy and nats, at a temperature. */
  static EvaluationReport texts(
      String model, String sampler, double rate, double temperature, double entropy, double nats) {
    return report(
        fingerprint(model, Optional.empty()),
        choices("hyperschedule", "flat", "sampler", sampler),
        figures("judge_perplexity", Math.exp(nats), "unigram_entropy", entropy),
        Optional.empty(),
        Optional.of(
            new GenerationDetails(
                Optional.of(
                    new GenerationDetails.Made(
                        8,
                        "flat, levels 8",
                        8,
                        rate,
                        sampler,
                        new LinkedHashMap<>(),
                        temperature,
                        1,
                        0)),
                List.of(
                    new TextValues(
                        8, OptionalDouble.of(entropy), OptionalDouble.of(Math.exp(nats)))))));
  }

  static EvaluationReport without(EvaluationReport report, String figure, Figure instead) {
    var figures = new LinkedHashMap<>(report.figures());
    figures.put(figure, instead);
    return report(
        report.fingerprint(), report.choices(), figures, report.likelihood(), report.generation());
  }

  private static EvaluationReport report(
      Fingerprint fingerprint,
      SequencedMap<String, String> choices,
      SequencedMap<String, Figure> figures,
      Optional<LikelihoodDetails> likelihood,
      Optional<GenerationDetails> generation) {
    return new EvaluationReport(
        EvaluationReport.FORMAT,
        fingerprint,
        choices,
        figures,
        likelihood,
        generation,
        new Timing(Instant.EPOCH, 1.5, 0));
  }

  private static SequencedMap<String, String> choices(
      String first, String one, String second, String two) {
    var choices = new LinkedHashMap<>(Map.of(first, one));
    choices.put(second, two);
    return choices;
  }

  private static SequencedMap<String, Figure> figures(
      String first, double one, String second, double two) {
    var figures = new LinkedHashMap<String, Figure>();
    figures.put(first, new Estimate(one, OptionalDouble.of(0.25), 2));
    figures.put(second, new Estimate(two, OptionalDouble.empty(), 2));
    return figures;
  }
}
