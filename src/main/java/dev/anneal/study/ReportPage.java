package dev.anneal.study;

import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.Fingerprint;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A page of tables and pictures, what they mean, and what they were made of. */
public final class ReportPage {
  private ReportPage() {}

  /**
   * The page, one HTML file that needs nothing else.
   *
   * @param title its headline
   */
  public static String html(String title, Evidence evidence) {
    var body = new StringBuilder();
    List<Table> tables = new Tables(evidence).all();
    tables.forEach(table -> body.append(table.html()));
    new Pictures(evidence).all().forEach(picture -> body.append(picture.html()));
    body.append(definitions(evidence));
    Table differences = new Comparison(evidence).differences();
    if (!differences.rows().isEmpty()) {
      body.append(differences.html());
    }
    body.append(provenance(evidence));
    return Html.page(title, body.toString());
  }

  /** The tables alone, in Markdown. */
  public static String markdown(Evidence evidence) {
    return new Tables(evidence)
        .all().stream()
            .map(table -> "## " + table.title() + "\n\n" + table.markdown())
            .collect(Collectors.joining("\n"));
  }

  private static String definitions(Evidence evidence) {
    Set<String> shown =
        evidence.reports().stream()
            .flatMap(report -> report.figures().keySet().stream())
            .collect(Collectors.toSet());
    var list = new StringBuilder();
    Definitions.ALL.forEach(
        (name, meaning) -> {
          if (shown.contains(name)) {
            list.append(definition(name.replace('_', ' '), meaning));
          }
        });
    if (evidence.reports().stream().anyMatch(report -> report.likelihood().isPresent())) {
      list.append(definition("calibration", Definitions.CALIBRATION));
    }
    if (evidence.reports().stream().anyMatch(report -> report.generation().isPresent())) {
      list.append(definition("ratio at equal entropy", Definitions.RATIO));
      list.append(
          definition(
              "calls, seconds",
              "Calls of the model for a text; time for generating all texts of the row."));
    }
    return list.isEmpty() ? "" : "<h2>What the figures mean</h2>\n<dl>\n" + list + "</dl>\n";
  }

  private static String definition(String name, String meaning) {
    return "<dt>%s</dt><dd>%s</dd>\n".formatted(Html.escaped(name), Html.escaped(meaning));
  }

  private static String provenance(Evidence evidence) {
    if (evidence.reports().isEmpty()) {
      return "";
    }
    Map<String, Function<Fingerprint, Optional<Fingerprint.Source>>> kinds = new LinkedHashMap<>();
    kinds.put("model", Fingerprint::model);
    kinds.put("tokenizer", Fingerprint::tokenizer);
    kinds.put("text", Fingerprint::data);
    kinds.put("samples", Fingerprint::samples);
    kinds.put("judge", Fingerprint::judge);
    kinds.put("texts of people", Fingerprint::reference);
    Set<List<String>> rows = new LinkedHashSet<>();
    kinds.forEach(
        (kind, part) ->
            evidence.reports().stream()
                .flatMap(report -> part.apply(report.fingerprint()).stream())
                .forEach(source -> rows.add(List.of(kind, source.name(), source.digest()))));
    rows.addAll(named(evidence, "Anneal", Fingerprint::version));
    rows.addAll(named(evidence, "protocol", Fingerprint::protocol));
    rows.addAll(named(evidence, "seed", fingerprint -> Long.toString(fingerprint.seed())));
    return new Table(
            "What was measured with what",
            List.of("what", "name", "SHA-256 of its content"),
            List.copyOf(rows))
        .html();
  }

  private static List<List<String>> named(
      Evidence evidence, String what, Function<Fingerprint, String> part) {
    return evidence.reports().stream()
        .map(EvaluationReport::fingerprint)
        .map(part)
        .distinct()
        .map(name -> List.of(what, name, ""))
        .toList();
  }
}
