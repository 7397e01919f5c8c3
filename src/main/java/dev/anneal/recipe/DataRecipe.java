package dev.anneal.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What a model is trained on.
 *
 * <p>Paths in a recipe are relative to the recipe's folder; here they are absolute.
 *
 * @param train files of text (.txt, .txt.gz, .jsonl, .parquet) to learn from; at least one, or a
 *     task
 * @param valid files of text to evaluate on; by default none
 * @param tokenizer {@code byte} (the default), {@code gpt2}, {@code digits}, or the path of a
 *     tokenizer.json
 * @param split where files of plain text are cut into documents; by default {@code file}
 * @param field the field of the text in a .jsonl or .parquet file; by default {@code text}
 * @param task makes the examples, in place of files, such as {@code {name: sudoku, givens: 45}}; by
 *     default none
 */
public record DataRecipe(
    @Default("[]") List<Path> train,
    @Default("[]") List<Path> valid,
    @Default("byte") String tokenizer,
    @Default("file") Split split,
    @Default("text") String field,
    Optional<Choice> task) {

  /** The tokenizers that need no file. */
  private static final Set<String> BUILT_IN = Set.of("byte", "gpt2", "digits");

  public DataRecipe {
    train = List.copyOf(train);
    valid = List.copyOf(valid);
    if (train.isEmpty() && task.isEmpty()) {
      throw new IllegalSetting("train", "[]", "at least one file");
    }
    if (task.isPresent() && !(train.isEmpty() && valid.isEmpty())) {
      throw new IllegalSetting("task", task.get().name(), "no files beside a task");
    }
    IllegalSetting.requireText("tokenizer", tokenizer);
    IllegalSetting.requireText("field", field);
  }

  /** Texts of files. */
  public DataRecipe(
      List<Path> train, List<Path> valid, String tokenizer, Split split, String field) {
    this(train, valid, tokenizer, split, field, Optional.empty());
  }

  /** The same data with every path mapped. */
  DataRecipe withPaths(UnaryOperator<Path> mapped) {
    return new DataRecipe(
        train.stream().map(mapped).toList(),
        valid.stream().map(mapped).toList(),
        BUILT_IN.contains(tokenizer) ? tokenizer : mapped.apply(Path.of(tokenizer)).toString(),
        split,
        field,
        task);
  }
}
