package dev.anneal.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Reads one YAML document into nodes that know their lines; repeated keys are refused. */
final class Yaml {

  /** Numbers such as 3e-4, which YAML's core schema knows and Jackson reads as text. */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)[eE][-+]?[0-9]+");

  private static final YAMLMapper MAPPER = new YAMLMapper();

  private final JsonParser parser;

  private Yaml(JsonParser parser) {
    this.parser = parser;
  }

  /** The document; an empty text is {@link Node.Nothing}. */
  static Node parse(String text) {
    try (JsonParser parser = MAPPER.createParser(text)) {
      if (parser.nextToken() == null) {
        return new Node.Nothing(1);
      }
      var yaml = new Yaml(parser);
      Node root = yaml.node(yaml.line(), "");
      if (parser.nextToken() != null) {
        throw new Misread(yaml.line(), "a second document; expected one");
      }
      return root;
    } catch (JacksonException e) {
      TokenStreamLocation location = e.getLocation();
      int line = location == null ? 0 : location.getLineNr();
      throw new Misread(line, "not YAML: " + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private Node node(int line, String path) {
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      throw new Misread(line, path + " is an alias; expected the value itself");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(line, path);
      case START_ARRAY -> sequence(line, path);
      case VALUE_NULL -> new Node.Nothing(line);
      case VALUE_TRUE, VALUE_FALSE ->
          new Node.Scalar(parser.getBooleanValue(), parser.getString(), line);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(line);
      default -> text(line);
    };
  }

  private Node mapping(int line, String path) {
    var entries = new LinkedHashMap<String, Node>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      int keyLine = line();
      String keyPath = path.isEmpty() ? key : path + "." + key;
      parser.nextToken();
      if (entries.put(key, node(keyLine, keyPath)) != null) {
        throw new Misread(keyLine, "'" + keyPath + "' stands here a second time");
      }
    }
    return new Node.Mapping(entries, line);
  }

  private Node sequence(int line, String path) {
    var items = new ArrayList<Node>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(line(), path + "[" + items.size() + "]"));
    }
    return new Node.Sequence(items, line);
  }

  private Node number(int line) {
    String text = parser.getString();
    return switch (parser.getNumberValue()) {
      case Integer number -> new Node.Scalar(number.longValue(), text, line);
      case Long number -> new Node.Scalar(number, text, line);
      case Number number -> new Node.Scalar(number.doubleValue(), text, line);
    };
  }

  private Node text(int line) {
    String text = parser.getString();
    return NUMBER.matcher(text).matches()
        ? new Node.Scalar(Double.valueOf(text), text, line)
        : new Node.Scalar(text, text, line);
  }
}
