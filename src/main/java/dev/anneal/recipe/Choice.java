package dev.anneal.recipe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A member of a family by its name, and what it is set to: {@code {name: epsilon-hybrid, epsilon:
 * 0.01}}. A choice without settings is written as its name alone: {@code causal}.
 *
 * <p>{@link Family#create} makes the member; until then the settings are unchecked.
 *
 * @param name the member's name in kebab-case
 * @param settings key in snake_case → a {@link Long}, {@link Double}, {@link Boolean} or {@link
 *     String}, or a map of further settings; smaller number types are widened to these
 */
public record Choice(String name, Map<String, Object> settings) {

  public Choice {
    IllegalSetting.requireText("name", name);
    settings = widen(settings);
  }

  private static Map<String, Object> widen(Map<?, ?> settings) {
    var widened = new LinkedHashMap<String, Object>();
    settings.forEach((key, value) -> widened.put(key.toString(), widen(key.toString(), value)));
    return Collections.unmodifiableMap(widened);
  }

  /** A member without settings. */
  public static Choice of(String name) {
    return new Choice(name, Map.of());
  }

  /** The same choice with one setting more, or with another value of it. */
  public Choice with(String key, Object value) {
    var more = new LinkedHashMap<>(settings);
    more.put(key, value);
    return new Choice(name, more);
  }

  /** Whether the recipe sets the key. */
  public boolean sets(String key) {
    return settings.containsKey(key);
  }

  private static Object widen(String key, Object value) {
    return switch (value) {
      case Integer number -> number.longValue();
      case Float number -> number.doubleValue();
      case Long _, Double _, Boolean _, String _ -> value;
      case Map<?, ?> inner -> widen(inner);
      default -> throw new IllegalSetting(key, value, "a number, a text, true or false");
    };
  }
}
