package dev.anneal.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The rows as lines of text. */
public final class Table {
  private static final String HEAD =
      line("", "unit", "Anneal", "rival", "ratio (least, most)", "target", "against");

  private Table() {}

  /** The head and a line for each row. */
  public static List<String> lines(List<Row> rows) {
    var lines = new ArrayList<String>();
    lines.add(HEAD);
    rows.forEach(row -> lines.add(line(row)));
    return lines;
  }

  private static String line(Row row) {
    Contest contest = row.contest();
    if (row.reason().isPresent()) {
      return "%-44s not measured: %s".formatted(contest.what(), row.reason().get());
    }
    return line(
        contest.what(),
        contest.unit(),
        Numbers.measured(Spread.of(row.ours()).median()),
        row.theirs().isEmpty() ? "" : Numbers.measured(Spread.of(row.theirs()).median()),
        row.ratio().map(Table::words).orElse(""),
        target(row),
        contest.rival());
  }

  private static String words(Spread ratio) {
    return String.format(
        Locale.ROOT, "%.2f (%.2f, %.2f)", ratio.median(), ratio.least(), ratio.most());
  }

  private static String target(Row row) {
    Optional<String> goal = row.contest().goal().map(Goal::words);
    return goal.map(words -> words + (row.reached().orElse(false) ? ", reached" : ", missed"))
        .orElse("");
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "%-44s %-10s %9s %9s  %-20s %-19s %s", (Object[]) cells)
        .stripTrailing();
  }
}
