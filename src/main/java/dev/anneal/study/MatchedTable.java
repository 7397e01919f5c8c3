package dev.anneal.study;

import dev.anneal.evaluate.GenerationDetails;
import dev.anneal.evaluate.GenerationDetails.TextValues;
import dev.anneal.evaluate.MatchedEntropy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Samplers compared at equal entropy: each with the first that was measured of the same model under
 * the same hyperschedule at the same rate, whose temperatures make the curve.
 */
final class MatchedTable {
  private MatchedTable() {}

  static Table of(List<Row> texts) {
    Map<List<String>, List<Row>> groups = new LinkedHashMap<>();
    for (Row row : texts) {
      row.made()
          .ifPresent(
              made ->
                  groups
                      .computeIfAbsent(
                          List.of(row.model(), row.hyperschedule(), Names.number(made.rate())),
                          _ -> new ArrayList<>())
                      .add(row));
    }
    var lines = new ArrayList<List<String>>();
    groups.forEach((key, rows) -> compare(key, rows, lines));
    return new Table(
        "Judge perplexity at equal entropy, as a ratio: below 1, the sampler is better",
        List.of(
            "model",
            "hyperschedule",
            "rate",
            "sampler",
            "temperature",
            "compared with",
            "entropy",
            "ratio"),
        lines);
  }

  private static void compare(List<String> key, List<Row> rows, List<List<String>> lines) {
    String first = rows.getFirst().sampler();
    List<List<TextValues>> curve =
        rows.stream().filter(row -> row.sampler().equals(first)).map(MatchedTable::texts).toList();
    if (curve.size() < 2) {
      return;
    }
    for (Row row : rows) {
      if (!row.sampler().equals(first)) {
        var line = new ArrayList<>(key);
        line.add(row.sampler());
        line.add(row.made().map(made -> Names.number(made.temperature())).orElseThrow());
        line.add(first);
        line.add(row.cell("unigram_entropy"));
        line.add(MatchedEntropy.ratio(texts(row), curve).described());
        lines.add(line);
      }
    }
  }

  private static List<TextValues> texts(Row row) {
    return row.report().generation().map(GenerationDetails::texts).orElse(List.of());
  }
}
