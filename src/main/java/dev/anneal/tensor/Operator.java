package dev.anneal.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An operator of the native library: its name and the kinds of its arguments and results.
 *
 * <p>The kinds are the only ones {@link Dispatcher} can encode; it checks every argument against
 * them, because a wrong encoding would end the process. Operators with a {@code Scalar} argument
 * cannot be called through the library's C interface.
 */
final class Operator {
  private final String name;
  private final String overload;
  private final MemorySegment nativeName;
  private final MemorySegment nativeOverload;
  private final Kind[] arguments;
  private final int results;

  /** What one 64-bit cell of the call's stack holds. */
  enum Kind {
    TENSOR("Tensor"),
    OPTIONAL_TENSOR("Tensor?"),
    TENSORS("Tensor[]"),
    INT("int"),
    OPTIONAL_INT("int?"),
    INTS("int[]"),
    OPTIONAL_INTS("int[]?"),
    FLOAT("float"),
    OPTIONAL_FLOAT("float?"),
    BOOL("bool"),
    OPTIONAL_BOOL("bool?"),
    STRING("str"),
    OPTIONAL_STRING("str?"),
    DTYPE("ScalarType"),
    OPTIONAL_DTYPE("ScalarType?"),
    OPTIONAL_FORMAT("MemoryFormat?");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    static Kind of(String word) {
      for (Kind kind : values()) {
        if (kind.word.equals(word)) {
          return kind;
        }
      }
      throw new AssertionError("no encoding for an argument of kind " + word);
    }
  }

  private static final Pattern SCHEMA =
      Pattern.compile("(\\w+::\\w+)(?:\\.(\\w+))?\\(([^)]*)\\) -> (\\d)");

  private Operator(String name, String overload, Kind[] arguments, int results) {
    this.name = name;
    this.overload = overload;
    this.nativeName = Arena.global().allocateFrom(name);
    this.nativeOverload = Arena.global().allocateFrom(overload);
    this.arguments = arguments;
    this.results = results;
  }

  /** Reads {@code aten::name.overload(kind, kind, …) -> results}. */
  static Operator of(String schema) {
    Matcher matcher = SCHEMA.matcher(schema);
    if (!matcher.matches()) {
      throw new AssertionError("not an operator: " + schema);
    }
    String overload = matcher.group(2) == null ? "" : matcher.group(2);
    List<Kind> kinds =
        matcher.group(3).isEmpty()
            ? List.of()
            : Pattern.compile(", ").splitAsStream(matcher.group(3)).map(Kind::of).toList();
    return new Operator(
        matcher.group(1), overload, kinds.toArray(Kind[]::new), Integer.parseInt(matcher.group(4)));
  }

  MemorySegment nativeName() {
    return nativeName;
  }

  MemorySegment nativeOverload() {
    return nativeOverload;
  }

  int arguments() {
    return arguments.length;
  }

  Kind argument(int index) {
    return arguments[index];
  }

  /** How many tensors come back. */
  int results() {
    return results;
  }

  @Override
  public String toString() {
    return overload.isEmpty() ? name : name + "." + overload;
  }
}
