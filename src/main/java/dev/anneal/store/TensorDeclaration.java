package dev.anneal.store;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a file says of a tensor before its bytes come.
 *
 * @param name the tensor's name; any Unicode text but the format's own {@code __metadata__}
 * @param type the type of its elements
 * @param shape the length of each axis, outermost first; empty for a single number
 */
public record TensorDeclaration(String name, ElementType type, List<Long> shape) {

  /** The key under which a header keeps its metadata. */
  static final String METADATA = "__metadata__";

  /** PyTorch's own limit in most operators. */
  public static final int MAX_AXES = 64;

  /**
   * Checks the three.
   *
   * @throws IllegalArgumentException if the name is reserved or cannot be encoded, an axis is
   *     negative, or there are too many axes or elements for any memory
   */
  public TensorDeclaration {
    if (name.equals(METADATA) || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException(
          "tensor name " + Quoted.of(name) + ": expected Unicode text other than " + METADATA);
    }
    shape = List.copyOf(shape);
    if (shape.size() > MAX_AXES) {
      throw new IllegalArgumentException(
          Quoted.of(name) + " has " + shape.size() + " axes, expected at most " + MAX_AXES);
    }
    if (shape.stream().anyMatch(length -> length < 0)) {
      throw new IllegalArgumentException(
          Quoted.of(name) + " has shape " + shape + ", expected no negative length");
    }
    requireCountable(name, type, shape);
  }

  /** The number of elements. */
  public long elements() {
    return shape.stream().reduce(1L, (product, length) -> product * length);
  }

  /** The size of all elements in bytes. */
  public long byteSize() {
    return elements() * type.bytes();
  }

  /** Counts empty axes as one, so that strides, too, fit whatever the order of the axes. */
  private static void requireCountable(String name, ElementType type, List<Long> shape) {
    try {
      long size = type.bytes();
      for (long length : shape) {
        size = Math.multiplyExact(size, Math.max(length, 1));
      }
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException(
          Quoted.of(name) + " has shape " + shape + ", expected fewer than 2^63 bytes", overflow);
    }
  }
}
