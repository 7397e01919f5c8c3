package dev.anneal.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** A recipe's settings as a flat list, such as {@code training.steps} = {@code 600}. */
final class Settings {
  private Settings() {}

  /** Members of families, and lists, are one setting each, written as YAML has them in one line. */
  static SequencedMap<String, String> of(Recipe recipe) {
    var settings = new LinkedHashMap<String, String>();
    add(settings, "", Binding.unbind(recipe));
    return settings;
  }

  private static void add(Map<String, String> settings, String path, Map<?, ?> values) {
    values.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner && !inner.containsKey("name")) {
            add(settings, path + key + ".", inner);
          } else {
            settings.put(path + key, text(value));
          }
        });
  }

  private static String text(Object value) {
    return switch (value) {
      case List<?> list ->
          list.stream().map(Settings::text).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> entry.getKey() + ": " + text(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      default -> value.toString();
    };
  }
}
