package dev.anneal.study;

import dev.anneal.evaluate.Absent;
import dev.anneal.evaluate.Estimate;
import dev.anneal.evaluate.EvaluationReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The tables of a page. */
final class Tables {

  /** The figures of generated texts, by name, and what their columns are called. */
  private static final Map<String, String> COLUMNS = columns();

  private static final String NOTHING = "–";

  private final List<Row> likelihoods;
  private final List<Row> texts;
  private final List<TrainingRecord> trainings;

  Tables(Evidence evidence) {
    List<Row> rows = evidence.reports().stream().map(Row::new).toList();
    likelihoods = rows.stream().filter(row -> !row.isOfTexts()).toList();
    texts = rows.stream().filter(Row::isOfTexts).toList();
    trainings = evidence.trainings();
  }

  private static Map<String, String> columns() {
    var columns = new LinkedHashMap<String, String>();
    columns.put("judge_perplexity", "judge perplexity");
    columns.put("judge_perplexity_of_texts", "… of texts");
    columns.put("unigram_entropy", "entropy");
    columns.put("mauve", "MAUVE");
    columns.put("distinct_1", "distinct-1");
    columns.put("distinct_2", "distinct-2");
    columns.put("distinct_3", "distinct-3");
    columns.put("repeated_4", "repeated-4");
    return columns;
  }

  /** All tables that have rows. */
  List<Table> all() {
    var tables = new ArrayList<Table>();
    tables.add(training());
    tables.add(likelihood("exact", "nats_per_token", "Exact bound, nats per token (perplexity)"));
    tables.add(
        likelihood("masked", "nats_per_token", "Masked estimate, nats per token (perplexity)"));
    tables.add(
        likelihood("chain-rule", "nats_per_token", "Chain rule, nats per token (perplexity)"));
    tables.add(likelihood("exact", "bits_per_character", "Exact bound, bits per character"));
    tables.add(generation());
    tables.add(MatchedTable.of(texts));
    return tables.stream().filter(table -> !table.rows().isEmpty()).toList();
  }

  private Table training() {
    return new Table(
        "Training",
        List.of("model", "steps", "tokens", "held-out nats per token at the last evaluation"),
        trainings.stream()
            .map(
                training ->
                    List.of(
                        training.name(),
                        Long.toString(training.steps()),
                        String.format(Locale.ROOT, "%,d", training.tokens(training.steps())),
                        evaluation(training.lastEvaluation())))
            .toList());
  }

  private static String evaluation(Map<String, Estimate> last) {
    return last.isEmpty()
        ? NOTHING
        : String.join(
            "; ",
            last.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue().described())
                .toList());
  }

  /** A row for each model and hyperschedule, a column for each text. */
  private Table likelihood(String estimate, String figure, String title) {
    List<Row> rows = likelihoods.stream().filter(row -> row.estimate().equals(estimate)).toList();
    Set<String> names = new LinkedHashSet<>();
    Map<List<String>, Map<String, String>> cells = new LinkedHashMap<>();
    for (Row row : rows) {
      if (row.figure(figure).isPresent()) {
        names.add(row.text());
        cells
            .computeIfAbsent(List.of(row.model(), row.hyperschedule()), _ -> new LinkedHashMap<>())
            .put(row.text(), cell(row, figure));
      }
    }
    var head = new ArrayList<>(List.of("model", "hyperschedule"));
    head.addAll(names);
    return new Table(
        title,
        head,
        cells.entrySet().stream()
            .map(
                each -> {
                  var line = new ArrayList<>(each.getKey());
                  names.forEach(text -> line.add(each.getValue().getOrDefault(text, NOTHING)));
                  return (List<String>) line;
                })
            .toList());
  }

  private static String cell(Row row, String figure) {
    String described = row.cell(figure);
    return row.figure("perplexity").orElse(new Absent("")) instanceof Estimate perplexity
            && figure.equals("nats_per_token")
        ? String.format(Locale.ROOT, "%s (%.2f)", described, perplexity.value())
        : described;
  }

  private Table generation() {
    var head = new ArrayList<>(List.of("model", "hyperschedule", "rate", "sampler", "temperature"));
    head.addAll(COLUMNS.values());
    head.addAll(List.of("calls", "seconds"));
    return new Table("Generated texts", head, texts.stream().map(Tables::generated).toList());
  }

  private static List<String> generated(Row row) {
    var line = new ArrayList<>(List.of(row.model(), row.hyperschedule()));
    line.add(row.made().map(made -> Names.number(made.rate())).orElse(NOTHING));
    line.add(row.sampler());
    line.add(row.made().map(made -> Names.number(made.temperature())).orElse(NOTHING));
    COLUMNS.keySet().forEach(figure -> line.add(row.cell(figure)));
    line.add(row.made().map(made -> Integer.toString(made.calls())).orElse(NOTHING));
    line.add(seconds(row.report()));
    return line;
  }

  private static String seconds(EvaluationReport report) {
    return String.format(Locale.ROOT, "%.1f", report.timing().seconds());
  }
}
