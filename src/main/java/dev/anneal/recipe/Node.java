package dev.anneal.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of YAML that knows its line: the line of its key, where it has one. */
sealed interface Node {

  /** Counted from 1; 0 where the piece does not come from a text. */
  int line();

  /** Keys and what they stand for, in the order of the text. */
  record Mapping(Map<String, Node> entries, int line) implements Node {

    /**
     * These keys with others laid over them: keys and values are merged; all else, and whatever
     * names a member of a family, is replaced as a whole.
     */
    Mapping overlaid(Mapping above) {
      var merged = new LinkedHashMap<>(entries);
      above.entries.forEach(
          (key, value) ->
              merged.merge(
                  key,
                  value,
                  (old, own) ->
                      old instanceof Mapping under
                              && own instanceof Mapping over
                              && !over.entries.containsKey("name")
                          ? under.overlaid(over)
                          : own));
      return new Mapping(merged, above.line);
    }

    /** The line of a key, or of the last part there is of a path such as {@code samples.length}. */
    int line(String path) {
      String[] keys = path.split("\\.", 2);
      Node value = entries.get(keys[0]);
      if (value == null) {
        return line;
      }
      return keys.length == 2 && value instanceof Mapping inner
          ? inner.line(keys[1])
          : value.line();
    }
  }

  /** Items in their order. */
  record Sequence(List<Node> items, int line) implements Node {}

  /**
   * One value.
   *
   * @param value a Long, Double, Boolean or String
   * @param text the value as it was written
   */
  record Scalar(Object value, String text, int line) implements Node {}

  /** A key that nothing follows. */
  record Nothing(int line) implements Node {}

  /** Settings that come from no text. */
  static Mapping of(Map<?, ?> settings) {
    var entries = new LinkedHashMap<String, Node>();
    settings.forEach(
        (key, value) ->
            entries.put(
                key.toString(),
                value instanceof Map<?, ?> inner
                    ? of(inner)
                    : new Scalar(value, value.toString(), 0)));
    return new Mapping(entries, 0);
  }
}
