package dev.anneal.store.pytorch;

import dev.anneal.store.TensorDeclaration;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor as PyTorch stores it: the element at index (i, j, …) lies at {@code offset + i·stride₀ +
 * j·stride₁ + …} of its storage.
 *
 * @param storage where the elements lie
 * @param offset of the first element, in elements
 * @param shape the length of each axis, outermost first
 * @param strides the distance between neighbours along each axis, in elements
 */
record StridedView(PickleValue.Storage storage, long offset, List<Long> shape, List<Long> strides)
    implements PickleValue {

  /**
   * Checks that all elements lie within the storage and are no more than it has.
   *
   * @throws IllegalArgumentException if not
   */
  StridedView {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
    var declared = new TensorDeclaration("a tensor", storage.type(), shape);
    if (strides.size() != shape.size() || strides.stream().anyMatch(stride -> stride < 0)) {
      throw new IllegalArgumentException(
          "a tensor of shape %s has strides %s: expected one for each axis, none negative"
              .formatted(shape, strides));
    }
    if (offset < 0
        || declared.elements() > storage.elements()
        || beyondLast(offset, shape, strides) > storage.elements()) {
      throw new IllegalArgumentException(
          "a tensor of shape %s, strides %s and offset %d does not fit its storage of %d elements"
              .formatted(shape, strides, offset, storage.elements()));
    }
  }

  /** The smallest number of elements a storage must have; the largest long if that is no number. */
  private static long beyondLast(long offset, List<Long> shape, List<Long> strides) {
    if (shape.contains(0L)) {
      return offset;
    }
    try {
      long last = offset;
      for (int axis = 0; axis < shape.size(); axis++) {
        long reach = Math.multiplyExact(shape.get(axis) - 1, strides.get(axis));
        last = Math.addExact(last, reach);
      }
      return Math.addExact(last, 1);
    } catch (ArithmeticException overflow) {
      return Long.MAX_VALUE;
    }
  }

  /** The bytes of all elements. */
  long byteSize() {
    return shape.stream().reduce(1L, (product, length) -> product * length)
        * storage.type().bytes();
  }

  /** Whether the elements lie in row-major order without gaps. */
  boolean isContiguous() {
    long expected = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      if (shape.get(axis) != 1 && strides.get(axis) != expected) {
        return shape.contains(0L);
      }
      expected *= shape.get(axis);
    }
    return true;
  }

  /** The elements in row-major order: those of the storage itself where they lie so already. */
  MemorySegment rowMajor(Arena arena) {
    long size = storage.type().bytes();
    if (isContiguous()) {
      return storage.bytes().asSlice(offset * size, byteSize());
    }
    MemorySegment gathered = arena.allocate(byteSize(), size);
    long[] index = new long[shape.size()];
    for (long to = 0; to < gathered.byteSize(); to += size) {
      MemorySegment.copy(storage.bytes(), place(index) * size, gathered, to, size);
      advance(index);
    }
    return gathered;
  }

  private long place(long[] index) {
    long place = offset;
    for (int axis = 0; axis < index.length; axis++) {
      place += index[axis] * strides.get(axis);
    }
    return place;
  }

  private void advance(long[] index) {
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis]++;
      if (index[axis] < shape.get(axis)) {
        return;
      }
      index[axis] = 0;
    }
  }
}
