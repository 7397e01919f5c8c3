package dev.anneal.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Loading is exact: a file fits a model when it has the model's tensors, each of its shape. */
public final class ExactMatch {

  private ExactMatch() {}

  /**
   * Compares the tensors that a model needs with those that a file has.
   *
   * @param file named in the message
   * @param expected the model's shapes by name
   * @param found the file's shapes by name
   * @throws RefusedFileException listing every missing, unknown and misshapen tensor in one line
   */
  public static void require(
      Path file, Map<String, List<Long>> expected, Map<String, List<Long>> found)
      throws RefusedFileException {
    String faults = faults(expected, found);
    if (!faults.isEmpty()) {
      throw new RefusedFileException(file, "does not fit the model: " + faults);
    }
  }

  /** Every missing, unknown and misshapen tensor in one line; empty if all fit. */
  public static String faults(Map<String, List<Long>> expected, Map<String, List<Long>> found) {
    return Stream.of(
            listed("missing", without(expected, found)),
            listed("unknown", without(found, expected)),
            listed("of another shape", misshapen(expected, found)))
        .filter(list -> !list.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private static Stream<String> without(
      Map<String, List<Long>> shapes, Map<String, List<Long>> others) {
    return shapes.keySet().stream().filter(name -> !others.containsKey(name)).map(Quoted::of);
  }

  private static Stream<String> misshapen(
      Map<String, List<Long>> expected, Map<String, List<Long>> found) {
    return expected.keySet().stream()
        .filter(found::containsKey)
        .filter(name -> !Objects.equals(expected.get(name), found.get(name)))
        .map(
            name ->
                "%s %s, expected %s"
                    .formatted(Quoted.of(name), found.get(name), expected.get(name)));
  }

  /** For example {@code 2 missing: [head.bias], [head.weight]}. */
  private static String listed(String fault, Stream<String> tensors) {
    List<String> sorted = tensors.sorted().toList();
    return sorted.isEmpty() ? "" : sorted.size() + " " + fault + ": " + String.join(", ", sorted);
  }
}
