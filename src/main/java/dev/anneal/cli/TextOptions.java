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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
      description =
          "The field of a JSON line or a Parquet row that holds the text (default:"
              + " ${DEFAULT-VALUE}).")
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

  /** What the named files are called. */
  String names() {
    return files.stream()
        .map(file -> String.valueOf(file.getFileName()))
        .collect(Collectors.joining(" "));
  }

  /**
   * The tokens of the named text.
   *
   * @throws IOException if it cannot be read, or there is none
   */
  TokenFile tokens(Tokenizer tokenizer, Streams streams) throws IOException {
    TokenFile tokens = tokens(documents(files), tokenizer, streams);
    if (tokens.tokens() == 0) {
      throw new IOException(names() + ": no text in it: expected at least one document");
    }
    return tokens;
  }

  /** The named files. */
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
  static TokenFile tokens(Documents documents, Tokenizer tokenizer, Streams streams)
      throws IOException {
    try (var progress = new Tokenizing(streams)) {
      return TokenFile.prepare(
          Libtorch.cacheFolder().resolve("tokens"), documents, tokenizer, progress);
    }
  }

  /** Shows how far a text is tokenized. */
  private static final class Tokenizing implements Progress, AutoCloseable {
    private static final long KILOBYTE = 1000;

    private final Streams streams;
    private @Nullable WorkProgress shown;

    Tokenizing(Streams streams) {
      this.streams = streams;
    }

    @Override
    public void at(long doneBytes, long totalBytes) {
      if (shown == null) {
        shown = new WorkProgress(streams, "tokenizing", "kB", totalBytes / KILOBYTE);
      }
      shown.at(doneBytes / KILOBYTE, 0);
    }

    @Override
    public void close() {
      if (shown != null) {
        shown.close();
      }
    }
  }

  /** How the text is read, for a report. */
  Map<String, String> choices() {
    var choices = new LinkedHashMap<String, String>();
    choices.put("split", Words.of(split));
    choices.put("field", field);
    choices.put("cleaner", Words.of(cleaner));
    return choices;
  }
}
