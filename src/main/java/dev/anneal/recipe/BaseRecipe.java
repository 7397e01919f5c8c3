package dev.anneal.recipe;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The model that a run starts from: {@code {model: ../models/starter}}.
 *
 * @param model its folder
 * @param digest SHA-256 of its weights' file in hexadecimal digits, by which a run knows it again;
 *     where a recipe does not say it, the run writes it down
 */
public record BaseRecipe(Path model, Optional<String> digest) {

  public BaseRecipe {
    if (digest.isPresent() && !digest.get().matches("[0-9a-f]{64}")) {
      throw new IllegalSetting("digest", "'" + digest.get() + "'", "64 hexadecimal digits");
    }
  }

  /** The same model, its path mapped. */
  BaseRecipe withPath(UnaryOperator<Path> mapped) {
    return new BaseRecipe(mapped.apply(model), digest);
  }
}
