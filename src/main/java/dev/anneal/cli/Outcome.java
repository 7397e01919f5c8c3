package dev.anneal.cli;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command has done.
 *
 * @param json its JSON object
 * @param lines the same for a person
 */
record Outcome(Map<String, Object> json, List<String> lines) {

  /** Prints the lines. */
  void print(Streams streams) {
    lines.forEach(streams.out()::println);
    streams.out().flush();
  }

  /** Prints the JSON object. */
  void printJson(Streams streams) {
    streams.out().println(JsonMapper.shared().writeValueAsString(json));
    streams.out().flush();
  }
}
