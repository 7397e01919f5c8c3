package dev.anneal.study;

import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.Figure;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.evaluate.GenerationDetails.Made;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A report as a row of a table: what it is about, in words.
 *
 * @param report the whole
 */
record Row(EvaluationReport report) {

  boolean isOfTexts() {
    return report.generation().isPresent();
  }

  /** Who wrote the texts, or read them. */
  String model() {
    Fingerprint print = report.fingerprint();
    return print.model().or(print::samples).map(Fingerprint.Source::name).orElse("–");
  }

  /** What the likelihood is of. */
  String text() {
    String data = report.fingerprint().data().map(Fingerprint.Source::name).orElse("–");
    return report.choices().getOrDefault("text", data);
  }

  String estimate() {
    return report.choices().getOrDefault("estimate", "exact");
  }

  String hyperschedule() {
    return report.choices().getOrDefault("hyperschedule", "–");
  }

  Optional<Made> made() {
    return report.generation().flatMap(details -> details.made());
  }

  /** The sampler with its settings, such as {@code adaptive-correction, eta 0.25}. */
  String sampler() {
    return made()
        .map(
            made ->
                made.settings().entrySet().stream()
                    .map(each -> ", " + each.getKey() + " " + Names.number(each.getValue()))
                    .collect(Collectors.joining("", made.sampler(), "")))
        .orElse("–");
  }

  Optional<Figure> figure(String name) {
    return Optional.ofNullable(report.figures().get(name));
  }

  /** A figure as a cell has it. */
  String cell(String name) {
    return figure(name).map(Figure::described).orElse("–");
  }
}
