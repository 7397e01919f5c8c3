package dev.anneal.study;

import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.Fingerprint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Training runs and reports side by side, a column each. Reports of one model share its column, and
 * the run's if it has the model's name. Figures stand in one row only if they are of the same
 * measurement of the same text by the same judge.
 */
public final class Comparison {
  private final SequencedMap<String, SequencedMap<String, String>> settings = new LinkedHashMap<>();
  private final SequencedMap<String, SequencedMap<String, Object>> trainings =
      new LinkedHashMap<>();
  private final SequencedMap<String, SequencedMap<String, Object>> figures = new LinkedHashMap<>();
  private final SequencedMap<String, SequencedMap<String, String>> cells = new LinkedHashMap<>();
  private final Set<String> columns = new LinkedHashSet<>();

  /** Compares what there is. */
  public Comparison(Evidence evidence) {
    compareSettings(evidence.trainings());
    evidence.trainings().forEach(this::addTraining);
    var labels = new Labels(evidence.reports());
    evidence.reports().forEach(report -> addReport(report, labels));
  }

  private void compareSettings(List<TrainingRecord> runs) {
    Set<String> keys = new LinkedHashSet<>();
    runs.forEach(run -> keys.addAll(run.recipe().settings().keySet()));
    keys.remove("name");
    for (String key : keys) {
      long different =
          runs.stream()
              .map(run -> Optional.ofNullable(run.recipe().settings().get(key)))
              .distinct()
              .count();
      if (different > 1) {
        var row = new LinkedHashMap<String, String>();
        for (TrainingRecord run : runs) {
          row.put(run.name(), Objects.requireNonNullElse(run.recipe().settings().get(key), "–"));
        }
        settings.put(key, row);
      }
    }
  }

  private void addTraining(TrainingRecord run) {
    columns.add(run.name());
    long steps = run.steps();
    var json = new LinkedHashMap<String, Object>();
    json.put("steps", steps);
    json.put("tokens", run.tokens(steps));
    cell("steps", run.name(), String.format(Locale.ROOT, "%,d", steps));
    cell("tokens seen", run.name(), String.format(Locale.ROOT, "%,d", run.tokens(steps)));
    var heldOut = new LinkedHashMap<String, Object>();
    run.lastEvaluation()
        .forEach(
            (hyperschedule, nats) -> {
              heldOut.put(hyperschedule, nats.entry());
              cell("held-out nats per token, " + hyperschedule, run.name(), nats.described());
            });
    json.put("held_out_nats_per_token", heldOut);
    trainings.put(run.name(), json);
  }

  private void addReport(EvaluationReport report, Labels labels) {
    String column = labels.column(report);
    columns.add(column);
    String label = labels.row(report);
    var entries = new LinkedHashMap<String, Object>();
    report
        .figures()
        .forEach(
            (name, figure) -> {
              entries.put(name, figure.entry());
              cell(label + ": " + name.replace('_', ' '), column, figure.described());
            });
    figures.computeIfAbsent(label, _ -> new LinkedHashMap<>()).put(column, entries);
  }

  private void cell(String row, String column, String value) {
    cells.computeIfAbsent(row, _ -> new LinkedHashMap<>()).put(column, value);
  }

  /** The tables that have rows: settings that differ, and what was measured. */
  public List<Table> tables() {
    return Stream.of(differences(), table("Measured", "figure", cells))
        .filter(table -> !table.rows().isEmpty())
        .toList();
  }

  /** The settings that differ; without rows if none does. */
  Table differences() {
    return table("Settings that differ", "setting", settings);
  }

  private Table table(
      String title, String first, SequencedMap<String, SequencedMap<String, String>> rows) {
    var head = new ArrayList<>(List.of(first));
    head.addAll(columns);
    var lines = new ArrayList<List<String>>();
    rows.forEach(
        (name, row) -> {
          var line = new ArrayList<>(List.of(name));
          columns.forEach(column -> line.add(row.getOrDefault(column, "–")));
          lines.add(line);
        });
    return new Table(title, head, lines);
  }

  /** The same as a JSON object. */
  public SequencedMap<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("columns", columns);
    json.put("settings", settings);
    json.put("trainings", trainings);
    json.put("figures", figures);
    return json;
  }

  /** Names for rows and columns, longer where two would be the same. */
  private static final class Labels {
    private final Map<String, Set<String>> digests = new LinkedHashMap<>();
    private final Map<String, Set<String>> circumstances = new LinkedHashMap<>();

    Labels(List<EvaluationReport> reports) {
      for (EvaluationReport report : reports) {
        digests.computeIfAbsent(name(report), _ -> new LinkedHashSet<>()).add(digest(report));
        circumstances
            .computeIfAbsent(described(report), _ -> new LinkedHashSet<>())
            .add(circumstance(report));
      }
    }

    String column(EvaluationReport report) {
      String name = name(report);
      return Objects.requireNonNull(digests.get(name)).size() == 1
          ? name
          : name + " " + digest(report).substring(0, Math.min(8, digest(report).length()));
    }

    String row(EvaluationReport report) {
      String described = described(report);
      return Objects.requireNonNull(circumstances.get(described)).size() == 1
          ? described
          : described + " [" + circumstance(report) + "]";
    }

    private static Optional<Fingerprint.Source> subject(EvaluationReport report) {
      return report.fingerprint().model().or(report.fingerprint()::samples);
    }

    private static String name(EvaluationReport report) {
      return subject(report).map(Fingerprint.Source::name).orElse("–");
    }

    private static String digest(EvaluationReport report) {
      return subject(report).map(Fingerprint.Source::digest).orElse("");
    }

    private static String described(EvaluationReport report) {
      var words = new ArrayList<String>();
      report.fingerprint().data().ifPresent(_ -> words.add(new Row(report).text()));
      report
          .choices()
          .forEach(
              (name, value) -> {
                if (!name.equals("text")) {
                  words.add(name.replace('_', ' ') + " " + value);
                }
              });
      return String.join(", ", words);
    }

    private static String circumstance(EvaluationReport report) {
      Fingerprint print = report.fingerprint();
      return "protocol %s, seed %d, text %s, judge %s, people %s"
          .formatted(
              print.protocol(),
              print.seed(),
              shortened(print.data()),
              shortened(print.judge()),
              shortened(print.reference()));
    }

    private static String shortened(Optional<Fingerprint.Source> source) {
      Function<String, String> cut = digest -> digest.substring(0, Math.min(8, digest.length()));
      return source.map(Fingerprint.Source::digest).map(cut).orElse("–");
    }
  }
}
