package dev.anneal.recipe;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads recipes: what is unknown, twice there, of another type, out of range or missing is refused.
 */
public final class RecipeReader {

  private RecipeReader() {}

  /**
   * The recipe in a file; its relative paths are resolved against the file's folder.
   *
   * @throws MalformedRecipeException if it cannot be used
   * @throws IOException if it cannot be read
   */
  public static Recipe read(Path file) throws IOException {
    Path folder = file.toAbsolutePath().resolveSibling("").normalize();
    return parse(text(file), file.toString()).withPaths(path -> folder.resolve(path).normalize());
  }

  /** The text of a file. */
  static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new MalformedRecipeException(file.toString(), 0, "not UTF-8 text", e);
    }
  }

  /**
   * The recipe in a text; its paths stay as they are written.
   *
   * @param where what the text is called in messages
   * @throws MalformedRecipeException if it cannot be used
   */
  public static Recipe parse(String text, String where) throws MalformedRecipeException {
    try {
      return Binding.bind(Recipe.class, Yaml.parse(text), "");
    } catch (Misread e) {
      throw new MalformedRecipeException(where, e.line(), e.getMessage(), e);
    }
  }
}
