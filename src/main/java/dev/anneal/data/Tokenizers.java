package dev.anneal.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds a tokenizer by the name a recipe gives, or in a model folder.
 *
 * <p>A model folder holds {@value #FILE}: the tokenizer itself, or for a built-in one only its
 * name, {@code {"builtin": "gpt2"}}.
 */
public final class Tokenizers {

  /** The tokenizer's file in a model folder. */
  public static final String FILE = "tokenizer.json";

  private static final String BUILTIN = "builtin";

  private Tokenizers() {}

  /**
   * The tokenizer of a name: {@code byte}, {@code gpt2}, {@code digits} or the path of a
   * tokenizer.json file.
   *
   * @throws IllegalArgumentException if it is neither a known name nor a file
   * @throws IOException if the file is not a tokenizer
   */
  public static Tokenizer named(String nameOrPath) throws IOException {
    return switch (nameOrPath) {
      case ByteTokenizer.NAME -> new ByteTokenizer();
      case GptTokenizer.NAME -> new GptTokenizer();
      case DigitTokenizer.NAME -> new DigitTokenizer();
      default -> {
        if (!Files.isRegularFile(Path.of(nameOrPath))) {
          throw new IllegalArgumentException(
              "tokenizer \"%s\": expected %s, %s, %s or the path of a tokenizer.json file"
                  .formatted(
                      nameOrPath, ByteTokenizer.NAME, GptTokenizer.NAME, DigitTokenizer.NAME));
        }
        yield read(Path.of(nameOrPath));
      }
    };
  }

  /**
   * The tokenizer saved in a model folder.
   *
   * @throws IOException if the folder holds none, or one that cannot be read
   */
  public static Tokenizer load(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "a model folder holds its tokenizer");
    }
    return read(file);
  }

  private static Tokenizer read(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    JsonNode root = parse(file, content);
    if (!root.has(BUILTIN)) {
      return new JsonTokenizer(content, TokenizerJson.parse(file, root));
    }
    return switch (root.path(BUILTIN).asString()) {
      case ByteTokenizer.NAME -> new ByteTokenizer();
      case GptTokenizer.NAME -> new GptTokenizer();
      case DigitTokenizer.NAME -> new DigitTokenizer();
      default -> throw new IOException(file + ": no built-in tokenizer " + root.path(BUILTIN));
    };
  }

  private static JsonNode parse(Path file, byte[] content) throws IOException {
    try {
      return JsonMapper.shared().readTree(content);
    } catch (JacksonException e) {
      throw new IOException(file + ": not JSON: " + e.getOriginalMessage(), e);
    }
  }

  static void saveName(String name, Path folder) throws IOException {
    Files.writeString(folder.resolve(FILE), "{\"%s\": \"%s\"}\n".formatted(BUILTIN, name));
  }

  static void checkReal(Tokenizer tokenizer, int id) {
    if (id < 0 || id >= tokenizer.size()) {
      throw new IllegalArgumentException(
          "token %d: expected a real token, 0 … %d".formatted(id, tokenizer.size() - 1));
    }
  }
}
