package dev.anneal.recipe;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One value of a record component: from a node, and back to what YAML has. */
final class Values {

  private Values() {}

  /** The node's value as the type of a component; a value of another kind is refused. */
  static Object read(Type type, Node node, String path) {
    return switch (type) {
      case ParameterizedType of when of.getRawType() == Optional.class ->
          node instanceof Node.Nothing
              ? Optional.empty()
              : Optional.of(read(of.getActualTypeArguments()[0], node, path));
      case ParameterizedType of when of.getRawType() == List.class ->
          list(of.getActualTypeArguments()[0], node, path);
      case Class<?> plain when plain == Choice.class -> choice(node, path);
      case Class<?> plain when plain.isRecord() ->
          Binding.bind(plain.asSubclass(Record.class), node, path);
      case Class<?> plain when node instanceof Node.Scalar scalar -> scalar(plain, scalar, path);
      case Class<?> plain -> throw refusal(node, path, expectation(plain));
      default -> throw new AssertionError("no recipe has a " + type);
    };
  }

  private static List<Object> list(Type item, Node node, String path) {
    if (!(node instanceof Node.Sequence sequence)) {
      throw refusal(node, path, "a list");
    }
    var values = new ArrayList<Object>();
    for (Node each : sequence.items()) {
      values.add(read(item, each, path + "[" + values.size() + "]"));
    }
    return values;
  }

  /** A name alone, or a name among its settings. */
  static Choice choice(Node node, String path) {
    if (!(node instanceof Node.Mapping mapping)) {
      return Choice.of(name(node, path, "a name, or {name: …} with its settings"));
    }
    var entries = new LinkedHashMap<>(mapping.entries());
    Node name = entries.remove("name");
    if (name == null) {
      throw new Misread(mapping.line(), "missing '" + path + ".name'");
    }
    return new Choice(name(name, path + ".name", "a name"), settings(entries, path));
  }

  private static Map<String, Object> settings(Map<String, Node> entries, String path) {
    var settings = new LinkedHashMap<String, Object>();
    entries.forEach((key, value) -> settings.put(key, setting(value, path + "." + key)));
    return settings;
  }

  private static String name(Node node, String path, String expected) {
    if (node instanceof Node.Scalar scalar && !scalar.text().isBlank()) {
      return scalar.text();
    }
    throw refusal(node, path, expected);
  }

  private static Object setting(Node node, String path) {
    return switch (node) {
      case Node.Scalar scalar -> scalar.value();
      case Node.Mapping inner -> settings(inner.entries(), path);
      default -> throw refusal(node, path, "a number, a text, true or false");
    };
  }

  private static Object scalar(Class<?> type, Node.Scalar scalar, String path) {
    Object value = scalar.value();
    Optional<?> read =
        switch (type.getName()) {
          case "int", "java.lang.Integer" ->
              whole(value).filter(n -> n == n.intValue()).map(Long::intValue);
          case "long" -> whole(value);
          case "double", "java.lang.Double" ->
              value instanceof Number n ? Optional.of(n.doubleValue()) : Optional.empty();
          case "boolean" -> Optional.of(value).filter(Boolean.class::isInstance);
          case "java.lang.String" -> Optional.of(scalar.text());
          case "java.nio.file.Path" -> path(scalar.text());
          default ->
              constants(type).filter(c -> Spelling.kebab(c).equals(scalar.text())).findFirst();
        };
    return read.orElseThrow(() -> refusal(scalar, path, expectation(type)));
  }

  /** Whole numbers may be written as 1e6, too. */
  private static Optional<Long> whole(Object value) {
    return switch (value) {
      case Long number -> Optional.of(number);
      case Double number when number == number.longValue() -> Optional.of(number.longValue());
      default -> Optional.empty();
    };
  }

  private static Optional<Path> path(String text) {
    try {
      return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Stream<? extends Enum<?>> constants(Class<?> type) {
    if (!type.isEnum()) {
      throw new AssertionError("no recipe has a " + type);
    }
    return Arrays.stream(type.asSubclass(Enum.class).getEnumConstants()).map(c -> (Enum<?>) c);
  }

  private static String expectation(Class<?> type) {
    return switch (type.getName()) {
      case "int", "java.lang.Integer", "long" -> "a whole number";
      case "double", "java.lang.Double" -> "a number";
      case "boolean" -> "true or false";
      case "java.lang.String" -> "a text";
      case "java.nio.file.Path" -> "a path";
      default ->
          constants(type).map(Spelling::kebab).collect(Collectors.joining(", ", "one of ", ""));
    };
  }

  /** What a node is, and what it should have been. */
  static Misread refusal(Node node, String path, String expected) {
    String found =
        switch (node) {
          case Node.Scalar scalar -> "'" + scalar.text() + "'";
          case Node.Sequence _ -> "a list";
          case Node.Mapping _ -> "keys and values";
          case Node.Nothing _ -> "empty";
        };
    return new Misread(
        node.line(),
        (path.isEmpty() ? "the recipe" : path) + " is " + found + "; expected " + expected);
  }

  /** What YAML has for a component's value; nothing for an absent one. */
  static Optional<Object> write(Object value) {
    return switch (value) {
      case Optional<?> maybe -> maybe.flatMap(Values::write);
      case List<?> list -> Optional.of(list.stream().flatMap(v -> write(v).stream()).toList());
      case Choice choice when choice.settings().isEmpty() -> Optional.of(choice.name());
      case Choice choice -> {
        var named = new LinkedHashMap<String, Object>(Map.of("name", choice.name()));
        named.putAll(choice.settings());
        yield Optional.of(named);
      }
      case Record bound -> Optional.of(Binding.unbind(bound));
      case Enum<?> constant -> Optional.of(Spelling.kebab(constant));
      case Path path -> Optional.of(path.toString());
      default -> Optional.of(value);
    };
  }
}
