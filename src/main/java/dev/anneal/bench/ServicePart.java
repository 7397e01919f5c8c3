package dev.anneal.bench;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * {@code bench serve}: many streams at once against one.
 *
 * @param options of the command
 */
record ServicePart(List<String> options) implements Part {
  private static final Goal THRICE = new Goal.Times(3);

  @Override
  public String name() {
    return "service";
  }

  @Override
  public void measure(Program program, Readings readings) throws IOException, InterruptedException {
    JsonNode report =
        program.report(
            Stream.concat(Stream.of("bench", "serve", "--json"), options.stream()).toList());
    int clients = report.path("clients").asInt();
    for (JsonNode row : report.path("contests")) {
      String what =
          "service, %d streams, %s".formatted(clients, row.path("hyperschedule").asString());
      readings.put(
          Contest.to(THRICE, what, "tokens/s", "one stream"),
          row.path("tokens_per_second").asDouble(),
          row.path("one_tokens_per_second").asDouble());
    }
  }
}
