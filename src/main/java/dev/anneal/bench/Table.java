package dev.anneal.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The rows as lines of text. */
public final class Table {
  private static final List<String> HEAD =
      List.of("", "unit", "Anneal", "rival", "ratio (least, most)", "target", "against");

  private Table() {}

  /** The head and a line for each row. */
  public static List<String> lines(List<Row> rows) {
    int widest = rows.stream().mapToInt(row -> row.contest().what().length()).max().orElse(0);
    String format = "%-" + Math.max(1, widest) + "s  %-10s %9s %9s  %-20s %-19s  %s";
    var lines = new ArrayList<String>();
    lines.add(line(format, HEAD));
    rows.forEach(row -> lines.add(line(format, cells(row))));
    return lines;
  }

  private static List<String> cells(Row row) {
    Contest contest = row.contest();
    if (row.reason().isPresent()) {
      return List.of(contest.what(), "not measured: " + row.reason().get(), "", "", "", "", "");
    }
    return List.of(
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

  private static String line(String format, List<String> cells) {
    return String.format(Locale.ROOT, format, cells.toArray()).stripTrailing();
  }
}
