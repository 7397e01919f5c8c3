package dev.anneal.serve;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a JSON object that a client sent. Each is asked for by its name and kind; in the
 * end {@link #refuseOthers} refuses those that nobody asked for. A field that is null is absent.
 */
final class Fields {

  /** No request has more objects and lists inside each other than this. */
  private static final int DEEPEST = 16;

  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private final ObjectNode object;
  private final Set<String> asked = new HashSet<>();

  private Fields(ObjectNode object) {
    this.object = object;
  }

  /**
   * Reads a body.
   *
   * @throws Refusal if it is not one JSON object in UTF-8
   */
  static Fields parse(byte[] body) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (STRICT.readTree(text) instanceof ObjectNode object) {
        return new Fields(object);
      }
    } catch (CharacterCodingException e) {
      throw new Refusal(Refusal.Kind.INVALID, "the body is not UTF-8");
    } catch (JacksonException e) {
      throw new Refusal(
          Refusal.Kind.INVALID, "the body is not proper JSON: " + e.getOriginalMessage());
    }
    throw new Refusal(Refusal.Kind.INVALID, "the body is no JSON object");
  }

  /** The names of the fields that were asked for, present or not. */
  Set<String> asked() {
    return Set.copyOf(asked);
  }

  /** The value of a field as it is. */
  Optional<JsonNode> value(String name) {
    asked.add(name);
    return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
  }

  /** A text. */
  Optional<String> text(String name) {
    return value(name).map(value -> require(value, JsonNode::isString, name, "a text").asString());
  }

  /** True or false; false if absent. */
  boolean flag(String name) {
    return value(name)
        .map(value -> require(value, JsonNode::isBoolean, name, "true or false").asBoolean())
        .orElse(false);
  }

  /** A number. */
  OptionalDouble number(String name) {
    Predicate<JsonNode> finite = value -> value.isNumber() && Double.isFinite(value.asDouble());
    return value(name)
        .map(value -> require(value, finite, name, "a number").asDouble())
        .map(OptionalDouble::of)
        .orElse(OptionalDouble.empty());
  }

  /** A whole number. */
  OptionalLong whole(String name) {
    Predicate<JsonNode> fits = value -> value.isIntegralNumber() && value.canConvertToLong();
    return value(name)
        .map(value -> require(value, fits, name, "a whole number").asLong())
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** A whole number from 1 to {@code most}. */
  OptionalInt count(String name, int most) {
    OptionalLong given = whole(name);
    if (given.isEmpty()) {
      return OptionalInt.empty();
    }
    long count = given.getAsLong();
    if (count < 1 || count > most) {
      throw Refusal.field(name, "%s is %d: expected 1 … %d".formatted(name, count, most));
    }
    return OptionalInt.of((int) count);
  }

  /** The texts of a list; a text alone is a list of one. */
  List<String> texts(String name) {
    Predicate<JsonNode> texts =
        value ->
            value.isString()
                || (value.isArray() && value.valueStream().allMatch(JsonNode::isString));
    return value(name)
        .map(value -> require(value, texts, name, "a text or a list of texts"))
        .map(value -> value.isString() ? List.of(value.asString()) : strings(value))
        .orElse(List.of());
  }

  private static List<String> strings(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }

  /** Refuses a field that asks for what is not offered: whose JSON is none of these. */
  void requireNeutral(String name, Set<String> neutral) {
    if (value(name).filter(given -> !neutral.contains(given.toString())).isPresent()) {
      throw Refusal.field(name, name + " is not offered: leave it out");
    }
  }

  /** Refuses a field that does not go with the others. */
  void refuse(String name, String why) {
    if (value(name).isPresent()) {
      throw Refusal.field(name, name + " does not fit: " + why);
    }
  }

  /** Refuses the fields that were not asked for. */
  void refuseOthers() {
    for (String name : object.propertyNames()) {
      if (!asked.contains(name)) {
        throw Refusal.field(name, "unknown field: " + name);
      }
    }
  }

  private static JsonNode require(
      JsonNode value, Predicate<JsonNode> fits, String name, String expected) {
    if (!fits.test(value)) {
      throw Refusal.field(
          name, "%s is not what it should be: expected %s".formatted(name, expected));
    }
    return value;
  }
}
