package dev.anneal.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Writes recipes so that {@link RecipeReader} reads equal ones; defaults are written out. */
public final class RecipeWriter {

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .enable(
              YAMLWriteFeature.MINIMIZE_QUOTES, YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private RecipeWriter() {}

  /**
   * Writes a file that names absolute paths relative to its own folder, so that a run and its data
   * can move together.
   */
  public static void write(Recipe recipe, Path file) throws IOException {
    Path folder = file.toAbsolutePath().resolveSibling("").normalize();
    Files.writeString(
        file, text(recipe.withPaths(path -> path.isAbsolute() ? folder.relativize(path) : path)));
  }

  /** The recipe as YAML, its paths as they are. */
  public static String text(Recipe recipe) {
    return MAPPER.writeValueAsString(Binding.unbind(recipe));
  }
}
