package dev.anneal.evaluate;

import dev.anneal.data.DocumentSink;
import dev.anneal.data.Documents;
import dev.anneal.data.Progress;
import dev.anneal.data.Tokenizer;
import dev.anneal.store.RefusedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Generated texts.
 *
 * @param texts at least one
 * @param ids of each text, the tokens it was generated as; empty if they are not known
 */
public record Samples(List<String> texts, List<int[]> ids) {
  private static final String WHOLE = ".json";

  /** Checks that there are texts, and no or all ids. */
  public Samples {
    texts = List.copyOf(texts);
    ids = List.copyOf(ids);
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("samples: expected at least one text");
    }
    if (!ids.isEmpty() && ids.size() != texts.size()) {
      throw new IllegalArgumentException(
          "samples with %d texts and %d rows of ids: expected one of each a sample"
              .formatted(texts.size(), ids.size()));
    }
  }

  /** What a model wrote. */
  public static Samples generated(List<int[]> ids, Tokenizer tokenizer) {
    return new Samples(ids.stream().map(tokenizer::decode).toList(), ids);
  }

  /**
   * Reads texts: a {@code .json} file that {@code generate --json} printed, or any file of {@link
   * Documents}, such as {@code .jsonl}, which has no ids.
   *
   * @throws IOException if it cannot be read or holds no texts
   */
  public static Samples read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString());
    }
    return file.toString().endsWith(WHOLE) ? ofReport(file) : ofDocuments(file);
  }

  /**
   * Writes texts and ids as {@code generate --json} prints them, so that they can be read again.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    var samples = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < texts.size(); i++) {
      samples.add(Map.of("text", texts.get(i), "ids", ids.get(i)));
    }
    Files.writeString(file, JsonMapper.shared().writeValueAsString(Map.of("samples", samples)));
  }

  /** How many texts there are. */
  public int count() {
    return texts.size();
  }

  private static Samples ofReport(Path file) throws IOException {
    var texts = new ArrayList<String>();
    var ids = new ArrayList<int[]>();
    for (JsonNode sample : parsed(file).path("samples")) {
      if (!sample.path("text").isString() || !sample.path("ids").isArray()) {
        throw new RefusedFileException(
            file, "sample %d: expected an object with text and ids".formatted(texts.size()));
      }
      texts.add(sample.path("text").asString());
      ids.add(sample.path("ids").valueStream().mapToInt(JsonNode::asInt).toArray());
    }
    if (texts.isEmpty()) {
      throw new RefusedFileException(
          file, "no samples in it: expected what generate --json prints");
    }
    return new Samples(texts, ids);
  }

  private static JsonNode parsed(Path file) throws IOException {
    try {
      return JsonMapper.shared().readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new RefusedFileException(file, "not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Samples ofDocuments(Path file) throws IOException {
    var texts = new ArrayList<String>();
    Documents.of(file)
        .read(
            new DocumentSink() {
              private final StringBuilder text = new StringBuilder();

              @Override
              public void piece(String piece) {
                text.append(piece);
              }

              @Override
              public void end() {
                texts.add(text.toString());
                text.setLength(0);
              }
            },
            Progress.silent());
    if (texts.isEmpty()) {
      throw new RefusedFileException(file, "no texts in it");
    }
    return new Samples(texts, List.of());
  }
}
