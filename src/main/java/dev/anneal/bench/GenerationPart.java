package dev.anneal.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * {@code bench generate}: generation against slower ways to the same texts, and how the time of a
 * token grows with the length.
 *
 * @param options of the command
 */
record GenerationPart(List<String> options) implements Part {

  /** By the first word of a hyperschedule. */
  private static final Map<String, Goal> GOALS =
      Map.of("flat", new Goal.Times(2), "block", new Goal.Times(10), "slide", new Goal.Times(10));

  @Override
  public String name() {
    return "generation";
  }

  @Override
  public void measure(Program program, Readings readings) throws IOException, InterruptedException {
    JsonNode report =
        program.report(
            Stream.concat(Stream.of("bench", "generate", "--json"), options.stream()).toList());
    for (JsonNode row : report.path("contests")) {
      String hyperschedule = row.path("hyperschedule").asString();
      String what = "generation, batch %d, %s".formatted(row.path("batch").asInt(), hyperschedule);
      var contest =
          new Contest(
              what,
              "tokens/s",
              row.path("against").asString(),
              Optional.ofNullable(GOALS.get(hyperschedule.split("\\W", 2)[0])));
      readings.put(
          contest,
          row.path("tokens_per_second").asDouble(),
          row.path("rival_tokens_per_second").asDouble());
    }
    growth(report.path("growth"), readings);
  }

  private static void growth(JsonNode rows, Readings readings) {
    JsonNode shortest = rows.path(0);
    for (int i = 1; i < rows.size(); i++) {
      for (String name : List.of("block", "slide")) {
        var contest =
            Contest.open(
                "a token at length %d, %s".formatted(rows.get(i).path("length").asInt(), name),
                "ms",
                "at length " + shortest.path("length").asInt());
        readings.put(
            contest,
            rows.get(i).path(name + "_ms").asDouble(),
            shortest.path(name + "_ms").asDouble());
      }
    }
  }
}
