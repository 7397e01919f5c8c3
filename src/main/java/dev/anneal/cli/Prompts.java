package dev.anneal.cli;

import dev.anneal.data.Digest;
import dev.anneal.store.RefusedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The prompts of a JSON Lines file.
 *
 * @param file that they are in
 * @param lines at least one
 * @param digest of the file
 */
record Prompts(Path file, List<Line> lines, String digest) {
  private static final String PROMPT = "prompt";
  private static final String SEED = "seed";

  /**
   * A line.
   *
   * @param number of the line in the file, from 1
   * @param fields a {@code prompt} and a {@code seed}, and what else it has
   */
  record Line(int number, ObjectNode fields) {

    String prompt() {
      return fields.path(PROMPT).asString();
    }

    long seed() {
      return fields.path(SEED).asLong();
    }
  }

  /**
   * Reads a file.
   *
   * @param seed of the first line, if it has none; of each line after it one more
   * @throws IOException if it cannot be read, has no prompts, or a line is none
   */
  static Prompts read(Path file, long seed) throws IOException {
    var lines = new ArrayList<Line>();
    int number = 0;
    for (String text : Files.readAllLines(file)) {
      number++;
      if (!text.isBlank()) {
        ObjectNode fields = parsed(file, number, text);
        if (!fields.has(SEED)) {
          fields.put(SEED, seed + lines.size());
        }
        lines.add(new Line(number, fields));
      }
    }
    if (lines.isEmpty()) {
      throw new RefusedFileException(file, "no prompts in it");
    }
    return new Prompts(file, lines, Digest.of(file));
  }

  private static ObjectNode parsed(Path file, int number, String text) throws IOException {
    try {
      if (JsonMapper.shared().readTree(text) instanceof ObjectNode object
          && object.path(PROMPT).isString()
          && (!object.has(SEED) || isLong(object.path(SEED)))) {
        return object;
      }
    } catch (JacksonException e) {
      throw refused(file, number, "not JSON: " + e.getOriginalMessage());
    }
    throw refused(
        file,
        number,
        "expected an object with a text \"prompt\", and a whole number if there is a \"seed\"");
  }

  private static boolean isLong(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong();
  }

  /** Why a line cannot be used. */
  IOException refused(Line line, String why) {
    return refused(file, line.number(), why);
  }

  private static IOException refused(Path file, int number, String why) {
    return new RefusedFileException(file, "line %d: %s".formatted(number, why));
  }
}
