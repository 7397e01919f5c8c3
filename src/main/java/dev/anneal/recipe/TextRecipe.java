package dev.anneal.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A text whose likelihood is measured by every model of a study.
 *
 * @param name what the study's tables call it
 * @param files of text, at least one
 * @param split where files of plain text are cut into documents; by default nowhere
 * @param field the key of the text in the objects of a .jsonl file; by default {@code text}
 * @param cleaner whose tokenization is undone, such as {@code wikitext}; by default {@code none}
 * @param sequences how many are measured, spread over the text; by default all
 * @param estimates what is measured; by default the exact bound
 * @param draws noised copies of each sequence; by default 1 for the exact bound, and 16 for the
 *     masked estimate
 */
public record TextRecipe(
    String name,
    List<Path> files,
    @Default("file") Split split,
    @Default("text") String field,
    @Default("none") String cleaner,
    Optional<Integer> sequences,
    @Default("[exact]") List<Likelihood> estimates,
    Optional<Integer> draws) {

  /** Ways to measure a likelihood. */
  public enum Likelihood {
    /** The exact bound, under each hyperschedule of the model. */
    EXACT,
    /** The bound of masked diffusion, as papers quote it; absent for models that give scores. */
    MASKED,
    /** Left to right with all later tokens masked; a pass for each token. */
    CHAIN_RULE
  }

  public TextRecipe {
    files = List.copyOf(files);
    estimates = List.copyOf(estimates);
    Recipe.requireName(name);
    if (files.isEmpty()) {
      throw new IllegalSetting("files", "[]", "at least one");
    }
    if (estimates.isEmpty()) {
      throw new IllegalSetting("estimates", "[]", "at least one");
    }
    if (sequences.isPresent()) {
      IllegalSetting.requireAtLeast(1, "sequences", sequences.get());
    }
    if (draws.isPresent()) {
      IllegalSetting.requireAtLeast(1, "draws", draws.get());
    }
  }

  /** The same text, its files mapped. */
  TextRecipe withPaths(UnaryOperator<Path> mapped) {
    return new TextRecipe(
        name,
        files.stream().map(mapped).toList(),
        split,
        field,
        cleaner,
        sequences,
        estimates,
        draws);
  }
}
