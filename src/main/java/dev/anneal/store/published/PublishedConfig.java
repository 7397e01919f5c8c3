package dev.anneal.store.published;

import dev.anneal.store.Quoted;
import dev.anneal.store.RefusedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code config.json} of a published folder. Settings are named by the way to them, with dots
 * between: {@code model.n_blocks}.
 *
 * @param file named in messages
 * @param root what it says
 */
record PublishedConfig(Path file, JsonNode root) {

  static final String FILE = "config.json";

  /**
   * Reads the file of a folder.
   *
   * @throws RefusedFileException if it is no JSON object
   * @throws IOException if it cannot be read
   */
  static PublishedConfig read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(
          folder.toString(), null, "no model here: expected a folder with a " + FILE);
    }
    try {
      JsonNode root = JsonMapper.shared().readTree(Files.readAllBytes(file));
      if (root.isObject()) {
        return new PublishedConfig(file, root);
      }
    } catch (JacksonException notJson) {
      throw new RefusedFileException(
          file, "not JSON: " + Quoted.line(notJson.getOriginalMessage()), notJson);
    }
    throw new RefusedFileException(file, "no JSON object");
  }

  /** Whether a setting is there, and is not null. */
  boolean has(String setting) {
    JsonNode node = node(setting);
    return !node.isMissingNode() && !node.isNull();
  }

  /** A whole number. */
  int whole(String setting) throws RefusedFileException {
    JsonNode node = node(setting);
    if (!node.isInt()) {
      throw refused(setting, "a whole number");
    }
    return node.intValue();
  }

  /** A number. */
  double number(String setting) throws RefusedFileException {
    JsonNode node = node(setting);
    if (!node.isNumber()) {
      throw refused(setting, "a number");
    }
    return node.doubleValue();
  }

  /** A text. */
  String text(String setting) throws RefusedFileException {
    JsonNode node = node(setting);
    if (!node.isString()) {
      throw refused(setting, "a text");
    }
    return node.asString();
  }

  /** A truth value. */
  boolean flag(String setting) throws RefusedFileException {
    JsonNode node = node(setting);
    if (!node.isBoolean()) {
      throw refused(setting, "true or false");
    }
    return node.booleanValue();
  }

  /** Whether a setting has a value. */
  boolean says(String setting, String value) {
    return node(setting).asString("").equals(value);
  }

  /** Checks a setting that Anneal cannot have otherwise. */
  void require(String setting, String wanted) throws RefusedFileException {
    if (!says(setting, wanted)) {
      throw refused(setting, wanted + ": Anneal computes no other network of this family");
    }
  }

  /** The refusal of a setting's value. */
  RefusedFileException refused(String setting, String expected) {
    JsonNode node = node(setting);
    String found = node.isMissingNode() ? "missing" : Quoted.of(node.toString());
    return new RefusedFileException(
        file, "%s is %s, expected %s".formatted(setting, found, expected));
  }

  private JsonNode node(String setting) {
    JsonNode node = root;
    for (String part : setting.split("\\.", -1)) {
      node = node.path(part);
    }
    return node;
  }
}
