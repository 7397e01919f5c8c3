package dev.anneal.cli;

import dev.anneal.evaluate.Absent;
import dev.anneal.evaluate.Estimate;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.Figure;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.evaluate.LikelihoodDetails;
import dev.anneal.evaluate.TextLikelihood;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the likelihood of a text is printed, and what all reports print of themselves. */
final class LikelihoodReport {
  private static final int SHORT_DIGEST = 12;

  private LikelihoodReport() {}

  /** The report with its lines and the object of {@code --json}. */
  static Report of(EvaluationReport report, TextLikelihood likelihood, String how) {
    return new Report(json(report, likelihood), lines(report, likelihood, how), report);
  }

  private static Map<String, Object> json(EvaluationReport report, TextLikelihood likelihood) {
    LikelihoodDetails details = likelihood.details();
    var json = new LinkedHashMap<String, Object>();
    json.put("nats_per_token", likelihood.nats().value());
    likelihood.nats().standardError().ifPresent(error -> json.put("standard_error", error));
    json.put("error_over", Words.of(details.errorOver()));
    json.put("perplexity", likelihood.perplexity().value());
    json.put("bits_per_character", number(likelihood.bitsPerCharacter()));
    json.put("bits_per_byte", number(likelihood.bitsPerByte()));
    json.put("sequences", details.sequences());
    json.put("documents", details.documents().size());
    json.put("tokens", details.size().tokens());
    json.put("characters", details.size().characters());
    json.put("bytes", details.size().bytes());
    putProvenance(json, report);
    return json;
  }

  private static List<String> lines(
      EvaluationReport report, TextLikelihood likelihood, String how) {
    LikelihoodDetails details = likelihood.details();
    return List.of(
        how + ":",
        "  %s nats per token, perplexity %s"
            .formatted(likelihood.nats().described(), likelihood.perplexity().described()),
        "  %s bits per character, %s per byte"
            .formatted(
                likelihood.bitsPerCharacter().described(), likelihood.bitsPerByte().described()),
        String.format(
            Locale.ROOT,
            "  on %,d tokens of %s, errors over %s",
            details.size().tokens(),
            documents(details.documents().size()),
            Words.of(details.errorOver())),
        choices(report),
        fingerprint(report.fingerprint()));
  }

  private static String documents(int count) {
    return count == 1 ? "one document" : String.format(Locale.ROOT, "%,d documents", count);
  }

  /** The number alone, or why there is none. */
  private static Object number(Figure figure) {
    return switch (figure) {
      case Estimate estimate -> estimate.value();
      case Absent absent -> absent.entry();
    };
  }

  /** The members of a report that say what was measured, and how. */
  static void putProvenance(Map<String, Object> json, EvaluationReport report) {
    Fingerprint fingerprint = report.fingerprint();
    json.put("choices", report.choices());
    json.put("version", fingerprint.version());
    json.put("protocol", fingerprint.protocol());
    json.put("seed", fingerprint.seed());
    put(json, "model", fingerprint.model());
    put(json, "data", fingerprint.data());
    put(json, "tokenizer", fingerprint.tokenizer());
    put(json, "samples", fingerprint.samples());
    put(json, "judge", fingerprint.judge());
    put(json, "reference", fingerprint.reference());
  }

  private static void put(
      Map<String, Object> json, String name, Optional<Fingerprint.Source> source) {
    source.ifPresent(present -> json.put(name + "_digest", present.digest()));
  }

  /** How it was measured, for a person. */
  static String choices(EvaluationReport report) {
    return "how: protocol "
        + report.fingerprint().protocol()
        + report.choices().entrySet().stream()
            .map(each -> ", " + each.getKey().replace('_', ' ') + " " + each.getValue())
            .collect(Collectors.joining());
  }

  /** What was measured, for a person. */
  static String fingerprint(Fingerprint fingerprint) {
    var words = new StringBuilder("what:");
    append(words, "model", fingerprint.model());
    append(words, "tokenizer", fingerprint.tokenizer());
    append(words, "text", fingerprint.data());
    append(words, "samples", fingerprint.samples());
    append(words, "judge", fingerprint.judge());
    append(words, "reference", fingerprint.reference());
    return words
        .append(" seed ")
        .append(fingerprint.seed())
        .append(", anneal ")
        .append(fingerprint.version())
        .toString();
  }

  private static void append(
      StringBuilder words, String what, Optional<Fingerprint.Source> source) {
    source.ifPresent(
        present ->
            words.append(
                " %s %s (%s),"
                    .formatted(what, present.name(), present.digest().substring(0, SHORT_DIGEST))));
  }
}
