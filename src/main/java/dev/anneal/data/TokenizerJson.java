package dev.anneal.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What Anneal itself reads from a tokenizer.json file: which tokens there are and what they spell.
 */
final class TokenizerJson {

  /** How published vocabularies spell the end of a document, the likeliest first. */
  private static final List<String> ENDS =
      List.of("<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>", "<|eos|>", "[EOS]", "[SEP]");

  /** Published vocabularies are far smaller; a larger id is damage, not a token. */
  private static final int LARGEST_ID = (1 << 24) - 1;

  private final Path file;
  private final Map<Integer, String> spellings = new HashMap<>();
  private final Set<Integer> added = new HashSet<>();
  private final boolean byteLevel;
  private final int size;
  private final int end;
  private final String model;

  private TokenizerJson(Path file, JsonNode root) throws IOException {
    this.file = file;
    readVocabulary(root.path("model").path("vocab"));
    for (JsonNode token : root.path("added_tokens").values()) {
      spellings.put(token.path("id").intValue(), token.path("content").stringValue());
      added.add(token.path("id").intValue());
    }
    size = countTokens();
    end = findEnd();
    byteLevel = root.path("decoder").findValuesAsString("type").contains("ByteLevel");
    model = withoutSpecialTokens(root);
  }

  /**
   * Reads the parsed content of a file.
   *
   * @throws IOException if it holds no vocabulary, or none with an end-of-document token
   */
  static TokenizerJson parse(Path file, JsonNode root) throws IOException {
    if (!root.path("model").path("vocab").isContainer()) {
      throw new IOException(file + ": not a tokenizer: it has no model.vocab");
    }
    try {
      return new TokenizerJson(file, root);
    } catch (JacksonException e) {
      throw new IOException(file + ": not a tokenizer: " + e.getOriginalMessage(), e);
    }
  }

  Path file() {
    return file;
  }

  int size() {
    return size;
  }

  int end() {
    return end;
  }

  /** The file for the library: such that no text yields a special token and nothing is cut. */
  String model() {
    return model;
  }

  /** The bytes of a token where its spelling tells them; else only the decoder knows. */
  Optional<byte[]> bytes(int id) {
    String spelling = spellings.getOrDefault(id, "");
    if (id == end || spelling.isEmpty()) {
      return Optional.of(new byte[0]);
    }
    if (added.contains(id)) {
      return Optional.of(spelling.getBytes(StandardCharsets.UTF_8));
    }
    return byteLevel ? Optional.of(ByteAlphabet.bytes(spelling)) : Optional.empty();
  }

  /** A vocabulary is an object, token to id, or (Unigram) a list of pairs, token and score. */
  private void readVocabulary(JsonNode vocabulary) {
    if (vocabulary.isArray()) {
      for (JsonNode pair : vocabulary.values()) {
        spellings.put(spellings.size(), pair.path(0).stringValue());
      }
    } else {
      vocabulary.properties().forEach(e -> spellings.put(e.getValue().intValue(), e.getKey()));
    }
  }

  private int countTokens() throws IOException {
    var ids = spellings.keySet().stream().mapToInt(Integer::intValue).summaryStatistics();
    if (ids.getMin() < 0 || ids.getMax() > LARGEST_ID) {
      throw new IOException(
          "%s: token ids %d … %d: expected 0 … %d at most"
              .formatted(file, ids.getMin(), ids.getMax(), LARGEST_ID));
    }
    return ids.getMax() + 1;
  }

  private int findEnd() throws IOException {
    var ids = new HashMap<String, Integer>();
    spellings.forEach((id, spelling) -> ids.put(spelling, id));
    for (String candidate : ENDS) {
      Integer id = ids.get(candidate);
      if (id != null) {
        return id;
      }
    }
    throw new IOException(file + ": no end-of-document token: expected one of " + ENDS);
  }

  private static String withoutSpecialTokens(JsonNode root) {
    var model = (ObjectNode) root.deepCopy();
    var ordinary = model.putArray("added_tokens");
    for (JsonNode token : root.path("added_tokens").values()) {
      if (!token.path("special").asBoolean(false)) {
        ordinary.add(token);
      }
    }
    model.putNull("post_processor");
    model.putNull("truncation");
    model.putNull("padding");
    return model.toString();
  }
}
