package dev.anneal.recipe;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a record of nodes: a key for each component, in snake_case. Unknown keys, all missing ones
 * and values of another type are refused as {@link Misread} with path and line.
 */
final class Binding<R extends Record> {

  private final Class<R> type;
  private final List<RecordComponent> components;

  private Binding(Class<R> type) {
    this.type = type;
    this.components = List.of(type.getRecordComponents());
  }

  /**
   * The record that a node describes.
   *
   * @param path where the node stands, such as {@code training}; empty for the whole recipe
   */
  static <R extends Record> R bind(Class<R> type, Node node, String path) {
    return new Binding<>(type).bind(node, path);
  }

  private R bind(Node node, String path) {
    Node.Mapping mapping =
        switch (node) {
          case Node.Mapping given -> given;
          case Node.Nothing nothing -> new Node.Mapping(Map.of(), nothing.line());
          case Node.Scalar scalar when rest().isPresent() ->
              new Node.Mapping(Map.of("name", scalar), scalar.line());
          default -> throw Values.refusal(node, path, "keys and values");
        };
    refuseUnknown(mapping, path);
    refuseMissing(mapping, path);
    Object[] values =
        components.stream().map(component -> value(component, mapping, path)).toArray();
    return construct(values, mapping, path);
  }

  private Optional<RecordComponent> rest() {
    return components.stream().filter(c -> c.isAnnotationPresent(Rest.class)).findFirst();
  }

  private void refuseUnknown(Node.Mapping mapping, String path) {
    if (rest().isPresent()) {
      return;
    }
    List<String> known = components.stream().map(Binding::key).toList();
    mapping.entries().keySet().stream()
        .filter(key -> !known.contains(key))
        .findFirst()
        .ifPresent(
            key -> {
              throw new Misread(
                  mapping.line(key),
                  "unknown key '" + join(path, key) + "'" + Spelling.suggestion(key, known));
            });
  }

  private void refuseMissing(Node.Mapping mapping, String path) {
    List<String> missing =
        components.stream()
            .filter(component -> !component.isAnnotationPresent(Rest.class))
            .filter(component -> !component.isAnnotationPresent(Default.class))
            .filter(component -> component.getType() != Optional.class)
            .map(Binding::key)
            .filter(key -> !mapping.entries().containsKey(key))
            .map(key -> "'" + join(path, key) + "'")
            .toList();
    if (!missing.isEmpty()) {
      throw new Misread(mapping.line(), "missing " + String.join(", ", missing));
    }
  }

  private Object value(RecordComponent component, Node.Mapping mapping, String path) {
    if (component.isAnnotationPresent(Rest.class)) {
      var left = new LinkedHashMap<>(mapping.entries());
      components.forEach(other -> left.remove(key(other)));
      return Values.choice(new Node.Mapping(left, mapping.line()), path);
    }
    String key = key(component);
    Node given = mapping.entries().get(key);
    if (given != null) {
      return Values.read(component.getGenericType(), given, join(path, key));
    }
    Default fallback = component.getAnnotation(Default.class);
    return fallback == null
        ? Optional.empty()
        : Values.read(component.getGenericType(), Yaml.parse(fallback.value()), join(path, key));
  }

  private R construct(Object[] values, Node.Mapping mapping, String path) {
    try {
      Constructor<R> canonical =
          type.getDeclaredConstructor(
              components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new));
      canonical.setAccessible(true);
      return canonical.newInstance(values);
    } catch (InvocationTargetException e) {
      throw refusal(e, mapping, path);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a record has its canonical constructor: " + type, e);
    }
  }

  private Misread refusal(InvocationTargetException thrown, Node.Mapping mapping, String path) {
    return switch (thrown.getCause()) {
      case IllegalSetting illegal ->
          new Misread(mapping.line(illegal.setting()), join(path, illegal.getMessage()));
      case IllegalArgumentException illegal ->
          new Misread(mapping.line(), path + ": " + illegal.getMessage());
      case null, default -> throw new AssertionError(type + " cannot be made", thrown);
    };
  }

  /** The values of a record by their keys, as YAML would have them; absent ones are left out. */
  static Map<String, Object> unbind(Record bound) {
    var values = new LinkedHashMap<String, Object>();
    for (RecordComponent component : bound.getClass().getRecordComponents()) {
      Object value = component(bound, component);
      if (component.isAnnotationPresent(Rest.class)) {
        values.put("name", ((Choice) value).name());
        values.putAll(((Choice) value).settings());
      } else {
        Values.write(value).ifPresent(written -> values.put(key(component), written));
      }
    }
    return values;
  }

  private static Object component(Record bound, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(bound);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a record component can be read: " + component, e);
    }
  }

  private static String key(RecordComponent component) {
    return Spelling.snake(component.getName());
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
