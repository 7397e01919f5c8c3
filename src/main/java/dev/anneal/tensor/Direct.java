package dev.anneal.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Operators that have a C function of their own: they take less time than by the {@link
 * Dispatcher}, and those with a Scalar among their arguments cannot be called by it. Their
 * arguments are checked by who calls them.
 */
final class Direct {

  private Direct() {}

  static Tensor narrow(Tensor tensor, int axis, long start, long length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      int error = (int) Native.NARROW.invokeExact(tensor.handle(), (long) axis, start, length, out);
      Native.check(error, () -> "narrow axis " + axis + " of " + tensor);
      return Tensor.adopt(out.get(ADDRESS, 0));
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  static Tensor strided(Tensor tensor, long[] sizes, long[] steps, long first) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      int error =
          (int)
              Native.STRIDED.invokeExact(
                  tensor.handle(),
                  (long) sizes.length,
                  arena.allocateFrom(JAVA_LONG, sizes),
                  arena.allocateFrom(JAVA_LONG, steps),
                  first,
                  out);
      Native.check(error, () -> "strided " + Arrays.toString(sizes) + " of " + tensor);
      return Tensor.adopt(out.get(ADDRESS, 0));
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  /** {@code left − factor · right}: the library's one sum that needs no Scalar cell. */
  static Tensor subtract(Tensor left, Tensor right, double factor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      int error = (int) Native.SUBTRACT.invokeExact(left.handle(), right.handle(), factor, out);
      Native.check(error, () -> "add " + left + ", " + right);
      return Tensor.adopt(out.get(ADDRESS, 0));
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  static void copy(Tensor target, Tensor source) {
    try {
      int error = (int) Native.COPY.invokeExact(target.handle(), source.handle(), 0);
      Native.check(error, () -> "copy " + source + " to " + target);
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  static void fill(Tensor target, double value) {
    try {
      int error = (int) Native.FILL.invokeExact(target.handle(), value);
      Native.check(error, () -> "fill " + target);
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }
}
