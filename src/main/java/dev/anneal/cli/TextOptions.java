package dev.anneal.cli;

import dev.anneal.data.Documents;
import dev.anneal.data.Progress;
import dev.anneal.data.TextCleaner;
import dev.anneal.data.TokenFile;
import dev.anneal.data.Tokenizer;
import dev.anneal.recipe.Split;
import dev.anneal.tensor.Libtorch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that name a text and how it is read. */
final class TextOptions {

  @Parameters(
      arity = "0..*",
      paramLabel = "TEXT",
      description = "Files of text: .txt or .jsonl, either gzipped, or .parquet.")
  private List<Path> files = List.of();

  @Option(
      names = "--split",
      paramLabel = "WHERE",
      defaultValue = "file",
      description =
          "Where a document of a .txt file ends: file, line or blank-line (default:"
              + " ${DEFAULT-VALUE}).")
  private Split split = Split.FILE;

  @Option(
      names = "--field",
      paramLabel = "NAME",
      defaultValue = "text",
      description = "The field of a JSON line that holds the text (default: ${DEFAULT-VALUE}).")
  private String field = "text";

  @Option(
      names = "--cleaner",
      paramLabel = "NAME",
      defaultValue = "none",
      description =
          "Undo a published set's tokenization: wikitext, ptb, lm1b, lambada, scientific-papers"
              + " (default: ${DEFAULT-VALUE}).")
  private TextCleaner cleaner = TextCleaner.NONE;

  /** Whether a text is named. */
  boolean given() {
    return !files.isEmpty();
  }

  /** The named text. */
  Documents documents() {
    return documents(files);
  }

  /** Other files, read in the same way. */
  Documents documents(List<Path> others) {
    return new Documents(others, split, field, cleaner);
  }

  /**
   * The tokens of documents, kept in the cache.
   *
   * @throws IOException if a document cannot be read
   */
  static TokenFile tokens(Documents documents, Tokenizer tokenizer) throws IOException {
    return TokenFile.prepare(
        Libtorch.cacheFolder().resolve("tokens"), documents, tokenizer, Progress.silent());
  }

  /** What is done to the text, for a report. */
  String cleaner() {
    return Words.of(cleaner);
  }
}
