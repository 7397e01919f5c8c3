package dev.anneal.data;

import dev.anneal.recipe.Split;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The documents of some text files, in order, read as a stream.
 *
 * <p>{@code .txt} files are UTF-8 text and are split as asked, their line ends read as {@code \n};
 * {@code .jsonl} files hold one object a line, each a document. Either may be gzipped. The rows of
 * {@code .parquet} files are documents. Lines and texts of objects and rows are cleaned one by one.
 * Blank documents are left out.
 *
 * @param files the files, at least one
 * @param split where a document of a text file ends
 * @param field the field of a JSON object or a row that holds the text
 * @param cleaner what is done to each example
 */
public record Documents(List<Path> files, Split split, String field, TextCleaner cleaner) {

  private static final String GZIP = ".gz";
  private static final String TEXT = ".txt";
  private static final String JSON_LINES = ".jsonl";
  private static final String PARQUET = ".parquet";

  public Documents {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("corpus files: expected at least one");
    }
    for (Path file : files) {
      if (!ending(file, TEXT) && !ending(file, JSON_LINES) && !isParquet(file)) {
        throw new IllegalArgumentException(
            "corpus file %s: expected .txt, .txt.gz, .jsonl, .jsonl.gz or .parquet"
                .formatted(file));
      }
    }
  }

  /** Documents that are read as they are. */
  public Documents(List<Path> files, Split split, String field) {
    this(files, split, field, TextCleaner.NONE);
  }

  /** The same, cleaned. */
  public Documents cleanedBy(TextCleaner other) {
    return new Documents(files, split, field, other);
  }

  /** Every text file one document, and JSON objects with a field {@code text}. */
  public static Documents of(Path... files) {
    return new Documents(List.of(files), Split.FILE, "text");
  }

  /**
   * Hands all documents to the sink.
   *
   * @throws IOException if a file is missing, not UTF-8, damaged, or a line is not an object with
   *     the field; the message names file and line
   */
  public void read(DocumentSink sink, Progress progress) throws IOException {
    long total = bytes();
    long before = 0;
    for (Path file : files) {
      long start = before;
      read(file, sink, done -> progress.at(start + done, total));
      before += Files.size(file);
    }
    progress.at(total, total);
  }

  /**
   * SHA-256 of everything the documents follow from: names, sizes, contents, the split and the
   * cleaner.
   */
  public String digest() throws IOException {
    var digest = new Digest().add(split.name()).add(field);
    if (cleaner != TextCleaner.NONE) {
      digest.add(cleaner.name());
    }
    for (Path file : files) {
      digest.add(String.valueOf(file.getFileName())).add(existing(file));
    }
    return digest.hex();
  }

  /** The size of all files, as they are stored. */
  private long bytes() throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(existing(file));
    }
    return bytes;
  }

  private void read(Path file, DocumentSink sink, LongConsumer progress) throws IOException {
    if (isParquet(file)) {
      readRows(file, new DocumentBuilder(sink), progress);
    } else {
      readLines(file, sink, progress);
    }
  }

  private void readRows(Path file, DocumentBuilder builder, LongConsumer progress)
      throws IOException {
    long bytes = Files.size(file);
    try (var texts = ParquetTexts.open(file, field)) {
      for (long row = 1; texts.next(); row++) {
        builder.line(cleaner.clean(texts.text()));
        builder.end();
        progress.accept((long) ((double) bytes * row / texts.rows()));
      }
    }
  }

  private void readLines(Path file, DocumentSink sink, LongConsumer progress) throws IOException {
    try (var channel = FileChannel.open(file);
        var lines = lines(file, channel)) {
      var builder = new DocumentBuilder(sink);
      try {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          requireText(line, file, lines.getLineNumber());
          take(line, builder, file, lines.getLineNumber());
          progress.accept(channel.position());
        }
      } catch (CharacterCodingException e) {
        throw new IOException(
            "%s: not UTF-8 somewhere after line %d".formatted(file, lines.getLineNumber()), e);
      }
      builder.end();
    } catch (EOFException | ZipException e) {
      throw new IOException("%s: damaged gzip file: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Binary files are UTF-8 now and then, but no text holds a NUL. */
  private static void requireText(String line, Path file, int number) throws IOException {
    if (line.indexOf('\0') >= 0) {
      throw new IOException("%s:%d: a NUL character: expected text".formatted(file, number));
    }
  }

  private void take(String line, DocumentBuilder builder, Path file, int number)
      throws IOException {
    if (!ending(file, JSON_LINES)) {
      take(cleaned(line), builder);
    } else if (!line.isBlank()) {
      builder.line(cleaner.clean(text(line, "%s:%d: ".formatted(file, number))));
      builder.end();
    }
  }

  /** The published rules know a line by its end. */
  private String cleaned(String line) {
    return cleaner == TextCleaner.NONE ? line : cleaner.clean(line + "\n").replaceFirst("\n$", "");
  }

  private void take(String line, DocumentBuilder builder) throws IOException {
    switch (split) {
      case FILE -> builder.line(line);
      case LINE -> {
        builder.line(line);
        builder.end();
      }
      case BLANK_LINE -> {
        if (line.isBlank()) {
          builder.end();
        } else {
          builder.line(line);
        }
      }
    }
  }

  private String text(String line, String where) throws IOException {
    JsonNode object;
    try {
      object = JsonMapper.shared().readTree(line);
    } catch (JacksonException e) {
      throw new IOException(where + "not JSON: " + e.getOriginalMessage(), e);
    }
    return object
        .path(field)
        .stringValueOpt()
        .orElseThrow(
            () -> new IOException(where + "expected an object with a text \"" + field + "\""));
  }

  private static LineNumberReader lines(Path file, FileChannel channel) throws IOException {
    InputStream stored = Channels.newInputStream(channel);
    InputStream text = file.toString().endsWith(GZIP) ? new GZIPInputStream(stored) : stored;
    return new LineNumberReader(new InputStreamReader(text, StandardCharsets.UTF_8.newDecoder()));
  }

  private static boolean isParquet(Path file) {
    return file.toString().endsWith(PARQUET);
  }

  private static boolean ending(Path file, String ending) {
    String name = file.toString();
    return name.endsWith(ending) || name.endsWith(ending + GZIP);
  }

  private static Path existing(Path file) throws NoSuchFileException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such corpus file");
    }
    return file;
  }
}
