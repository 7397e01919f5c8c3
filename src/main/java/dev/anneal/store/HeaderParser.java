package dev.anneal.store;

import dev.anneal.store.SafeTensorsHeader.Placed;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the text of a safetensors header and believes nothing of it.
 *
 * <p>It descends only where the format has an object or a list, so nesting costs no stack, and it
 * keeps no list longer than a tensor may have axes.
 */
final class HeaderParser {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path file;
  private final JsonParser json;
  private Map<String, String> metadata = Map.of();
  private final List<Placed> tensors = new ArrayList<>();

  private HeaderParser(Path file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Reads a header.
   *
   * @param file named in messages
   * @param text the header, UTF-8
   * @throws RefusedFileException if it is not the JSON that the format demands
   */
  static SafeTensorsHeader parse(Path file, ByteBuffer text) throws RefusedFileException {
    CharBuffer characters = decode(file, text);
    try (JsonParser json =
        JSON.createParser(
            ObjectReadContext.empty(),
            characters.array(),
            characters.arrayOffset(),
            characters.remaining())) {
      return new HeaderParser(file, json).header();
    } catch (JacksonException notJson) {
      String fault = Quoted.line(notJson.getOriginalMessage());
      throw new RefusedFileException(file, "the header is not JSON: " + fault, notJson);
    }
  }

  private static CharBuffer decode(Path file, ByteBuffer text) throws RefusedFileException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text);
    } catch (CharacterCodingException notText) {
      throw new RefusedFileException(file, "the header is not UTF-8 text", notText);
    }
  }

  private SafeTensorsHeader header() throws RefusedFileException {
    expect(JsonToken.START_OBJECT, "the header");
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      if (name.equals(TensorDeclaration.METADATA)) {
        metadata = texts();
      } else {
        tensors.add(tensor(name));
      }
    }
    if (json.nextToken() != null) {
      throw refused("the header goes on behind its JSON object");
    }
    return new SafeTensorsHeader(metadata, List.copyOf(tensors));
  }

  private Map<String, String> texts() throws RefusedFileException {
    expect(JsonToken.START_OBJECT, TensorDeclaration.METADATA);
    var texts = new LinkedHashMap<String, String>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      expect(JsonToken.VALUE_STRING, TensorDeclaration.METADATA + " " + Quoted.of(key));
      texts.put(key, json.getString());
    }
    return Collections.unmodifiableMap(texts);
  }

  private Placed tensor(String name) throws RefusedFileException {
    expect(JsonToken.START_OBJECT, Quoted.of(name));
    Optional<ElementType> type = Optional.empty();
    Optional<List<Long>> shape = Optional.empty();
    Optional<List<Long>> offsets = Optional.empty();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      switch (json.currentName()) {
        case "dtype" -> type = Optional.of(elementType(name));
        case "shape" -> shape = Optional.of(naturals("shape of " + Quoted.of(name)));
        case "data_offsets" ->
            offsets = Optional.of(naturals("data_offsets of " + Quoted.of(name)));
        default ->
            throw refused(
                Quoted.of(name) + " has an unknown field " + Quoted.of(json.currentName()));
      }
    }
    return placed(
        name,
        present(type, "dtype", name),
        present(shape, "shape", name),
        present(offsets, "data_offsets", name));
  }

  private Placed placed(String name, ElementType type, List<Long> shape, List<Long> offsets)
      throws RefusedFileException {
    if (offsets.size() != 2) {
      throw refused(
          "data_offsets of %s are %d numbers, expected 2"
              .formatted(Quoted.of(name), offsets.size()));
    }
    try {
      var declaration = new TensorDeclaration(name, type, shape);
      return new Placed(declaration, offsets.getFirst(), offsets.getLast());
    } catch (IllegalArgumentException invalid) {
      throw new RefusedFileException(file, String.valueOf(invalid.getMessage()), invalid);
    }
  }

  private ElementType elementType(String name) throws RefusedFileException {
    expect(JsonToken.VALUE_STRING, "dtype of " + Quoted.of(name));
    String type = json.getString();
    return ElementType.named(type)
        .orElseThrow(
            () ->
                refused(
                    "%s has dtype %s, expected one of %s"
                        .formatted(
                            Quoted.of(name),
                            Quoted.of(type),
                            Arrays.toString(ElementType.values()))));
  }

  private List<Long> naturals(String what) throws RefusedFileException {
    expect(JsonToken.START_ARRAY, what);
    var numbers = new ArrayList<Long>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      boolean fits =
          json.currentToken() == JsonToken.VALUE_NUMBER_INT
              && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      if (!fits || json.getLongValue() < 0) {
        throw refused(
            "%s: found %s, expected whole numbers from 0 to 2^63 - 1"
                .formatted(what, Quoted.of(json.getString())));
      }
      if (numbers.size() == TensorDeclaration.MAX_AXES) {
        throw refused(what + ": more than " + TensorDeclaration.MAX_AXES + " numbers");
      }
      numbers.add(json.getLongValue());
    }
    return numbers;
  }

  private <T> T present(Optional<T> value, String field, String name) throws RefusedFileException {
    return value.orElseThrow(() -> refused(Quoted.of(name) + " has no " + field));
  }

  private void expect(JsonToken expected, String what) throws RefusedFileException {
    JsonToken found = json.nextToken();
    if (found != expected) {
      throw refused("%s: found %s, expected %s".formatted(what, word(found), word(expected)));
    }
  }

  private static String word(@Nullable JsonToken token) {
    return switch (token) {
      case null -> "nothing";
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a truth value";
      case VALUE_NULL -> "null";
      default -> token.toString();
    };
  }

  private RefusedFileException refused(String reason) {
    return new RefusedFileException(file, reason);
  }
}
