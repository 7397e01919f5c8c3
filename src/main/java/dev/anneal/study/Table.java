package dev.anneal.study;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table of words and numbers.
 *
 * @param title what it shows
 * @param head names of the columns
 * @param rows as many cells as there are columns
 */
public record Table(String title, List<String> head, List<List<String>> rows) {

  /** Copies the lists. */
  public Table {
    head = List.copyOf(head);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != head.size()) {
        throw new IllegalArgumentException("row %s: expected %d cells".formatted(row, head.size()));
      }
    }
  }

  /** In Markdown that is a table to the eye, too. */
  public String markdown() {
    List<List<String>> all = new ArrayList<>(List.of(head));
    all.addAll(rows);
    int[] widths =
        IntStream.range(0, head.size())
            .map(column -> all.stream().mapToInt(row -> cell(row, column).length()).max().orElse(0))
            .toArray();
    var lines = new ArrayList<String>();
    all.forEach(row -> lines.add(line(row, widths)));
    lines.add(
        1,
        IntStream.of(widths)
            .mapToObj(width -> "-".repeat(width + 2))
            .collect(Collectors.joining("|", "|", "|")));
    return String.join("\n", lines) + "\n";
  }

  private static String line(List<String> row, int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(
            column -> cell(row, column) + " ".repeat(widths[column] - cell(row, column).length()))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String cell(List<String> row, int column) {
    return row.get(column).replace("|", "\\|");
  }

  /** In HTML. */
  String html() {
    return "<h2>%s</h2>\n<div class=\"wide\"><table>\n<thead>%s</thead>\n<tbody>\n%s</tbody></table></div>\n"
        .formatted(
            Html.escaped(title),
            cells(head, "th"),
            rows.stream().map(row -> cells(row, "td") + "\n").collect(Collectors.joining()));
  }

  private static String cells(List<String> cells, String tag) {
    return cells.stream()
        .map(cell -> "<%s>%s</%s>".formatted(tag, Html.escaped(cell), tag))
        .collect(Collectors.joining("", "<tr>", "</tr>"));
  }
}
