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
 * @param lines objects with a {@code prompt} and a {@code seed}, and what else a line has
 * @param digest of the file
 */
record Prompts(List<ObjectNode> lines, String digest) {
  static final String PROMPT = "prompt";
  static final String SEED = "seed";

  /**
   * Reads a file.
   *
   * @param seed of the first line, if it has none; of each line after it one more
   * @throws IOException if it cannot be read, has no prompts, or a line is none
   */
  static Prompts read(Path file, long seed) throws IOException {
    var lines = new ArrayList<ObjectNode>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (!line.isBlank()) {
        ObjectNode prompt = parsed(file, number, line);
        if (!prompt.has(SEED)) {
          prompt.put(SEED, seed + lines.size());
        }
        lines.add(prompt);
      }
    }
    if (lines.isEmpty()) {
      throw new RefusedFileException(file, "no prompts in it");
    }
    return new Prompts(lines, Digest.of(file));
  }

  private static ObjectNode parsed(Path file, int number, String line) throws IOException {
    try {
      if (JsonMapper.shared().readTree(line) instanceof ObjectNode object
          && object.path(PROMPT).isString()
          && (!object.has(SEED) || isLong(object.path(SEED)))) {
        return object;
      }
    } catch (JacksonException e) {
      throw new RefusedFileException(
          file, "line %d: not JSON: %s".formatted(number, e.getOriginalMessage()), e);
    }
    throw new RefusedFileException(
        file,
        "line %d: expected an object with a text \"prompt\", and a whole number if there is a \"seed\""
            .formatted(number));
  }

  private static boolean isLong(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong();
  }
}
