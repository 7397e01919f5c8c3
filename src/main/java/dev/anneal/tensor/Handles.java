package dev.anneal.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.util.Optional;

/** What the library tells of a tensor handle. */
final class Handles {
  private static final ValueLayout.OfLong LOWER_BYTES_FIRST =
      JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ThreadLocal<MemorySegment> ANSWER =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(LOWER_BYTES_FIRST));

  private Handles() {}

  static long[] shape(MemorySegment handle) {
    long axes = ask(Native.DIMENSIONS, handle);
    return MemorySegment.ofAddress(ask(Native.SIZES, handle))
        .reinterpret(axes * JAVA_LONG.byteSize())
        .toArray(JAVA_LONG);
  }

  static DType dtype(MemorySegment handle) {
    return DType.ofCode((int) ask(Native.DTYPE, handle));
  }

  static Device device(MemorySegment handle) {
    if ((int) ask(Native.DEVICE_TYPE, handle) == Device.Type.CPU.code()) {
      return Device.CPU;
    }
    return Device.cuda((int) ask(Native.DEVICE_INDEX, handle));
  }

  static boolean isContiguous(MemorySegment handle) {
    return (byte) ask(Native.IS_CONTIGUOUS, handle) != 0;
  }

  /** The address of the first element. */
  static MemorySegment data(MemorySegment handle) {
    return MemorySegment.ofAddress(ask(Native.DATA, handle));
  }

  /** A handle of its own on a leaf's gradient, if one has reached it. */
  static Optional<MemorySegment> gradient(MemorySegment handle) {
    // The first word behind a handle is the tensor's implementation.
    MemorySegment implementation = handle.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0);
    MemorySegment gradient;
    try {
      gradient = (MemorySegment) Native.GRADIENT.invokeExact(implementation);
    } catch (Throwable e) {
      throw Native.failure(e);
    }
    if ((byte) ask(Native.IS_DEFINED, gradient) == 0) {
      return Optional.empty();
    }
    return Optional.of(MemorySegment.ofAddress(ask(Native.NEW_HANDLE, gradient)));
  }

  /**
   * Calls a function of a handle that writes its answer to an address: eight bytes, or fewer, which
   * are then the lower ones.
   */
  private static long ask(MethodHandle function, MemorySegment handle) {
    MemorySegment answer = ANSWER.get();
    answer.set(LOWER_BYTES_FIRST, 0, 0);
    try {
      Native.check((int) function.invokeExact(handle, answer), "a question about a tensor");
      return answer.get(LOWER_BYTES_FIRST, 0);
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }
}
