package dev.anneal.store;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor as a file holds it: little-endian elements in row-major order, without gaps.
 *
 * @param declaration its name, type and shape
 * @param bytes its elements; where they come from a mapped file they live as long as {@link
 *     SafeTensors} is open and cannot be written to
 */
public record StoredTensor(TensorDeclaration declaration, MemorySegment bytes) {

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if the bytes are not as many as declared
   */
  public StoredTensor {
    if (bytes.byteSize() != declaration.byteSize()) {
      throw new IllegalArgumentException(
          "%s %s of shape %s has %d bytes, expected %d"
              .formatted(
                  declaration.type(),
                  Quoted.of(declaration.name()),
                  declaration.shape(),
                  bytes.byteSize(),
                  declaration.byteSize()));
    }
  }

  /** The tensor's name. */
  public String name() {
    return declaration.name();
  }

  /** The type of its elements. */
  public ElementType type() {
    return declaration.type();
  }

  /** The length of each axis, outermost first. */
  public List<Long> shape() {
    return declaration.shape();
  }

  /**
   * Whether the elements start at a multiple of their size. The format does not demand it, our
   * writer grants it; who wants to compute on the bytes in place copies them where it is false.
   */
  public boolean isAligned() {
    return bytes.address() % type().bytes() == 0;
  }
}
