package dev.anneal.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What Anneal itself reads from a tokenizer.json file: which tokens there are and what they spell.
 */
final class TokenizerJson {

  /** How published vocabularies spell the end of a document, the likeliest first. */
  private static final List<String> ENDS =
      List.of("<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>", "<|eos|>", "[EOS]", "[SEP]");

  private final Path file;
  private final Map<Integer, String> spellings = new HashMap<>();
  private final BitSet added = new BitSet();
  private final boolean byteLevel;
  private final int size;
  private final int end;
  private final String model;

  private TokenizerJson(Path file, JsonNode root) throws IOException {
    this.file = file;
    readVocabulary(root.path("model").path("vocab"));
    for (JsonNode token : root.path("added_tokens").values()) {
      spellings.put(token.path("id").intValue(), token.path("content").stringValue());
      added.set(token.path("id").intValue());
    }
    size = 1 + spellings.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
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
    return new TokenizerJson(file, root);
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
    if (added.get(id)) {
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
