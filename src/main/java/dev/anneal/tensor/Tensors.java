package dev.anneal.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Makes tensors: empty, filled, from Java memory, from other tensors. */
public final class Tensors {
  private static final Operator COPY = Operator.of("aten::copy_(Tensor, Tensor, bool) -> 1");
  private static final Operator CONCATENATE = Operator.of("aten::cat(Tensor[], int) -> 1");
  private static final Operator SPLIT =
      Operator.of("aten::split_with_sizes(Tensor, int[], int) -> 1");
  private static final Operator UNBIND = Operator.of("aten::unbind.int(Tensor, int) -> 1");
  private static final Operator STACK = Operator.of("aten::stack(Tensor[], int) -> 1");

  private Tensors() {}

  /** A tensor whose elements are whatever the memory holds. */
  public static Tensor empty(DType dtype, Device device, long... shape) {
    return empty(Native.EMPTY, dtype, device, shape);
  }

  /**
   * A copy on another device. On the way to a GPU nobody waits for what the GPU is still doing: it
   * fetches the numbers by itself, from memory that the library keeps until then. On the way back
   * the CPU waits.
   */
  static Tensor copied(Tensor source, Device device) {
    Tensor copy = empty(source.dtype(), device, source.shape());
    if (!source.device().equals(Device.CPU) || Native.EMPTY_PINNED.isEmpty()) {
      copy.copy_(source);
      return copy;
    }
    MethodHandle pinning = Native.EMPTY_PINNED.get();
    Tensor pinned = empty(pinning, source.dtype(), Device.CPU, source.shape());
    pinned.copy_(source);
    Dispatcher.call(COPY, copy, pinned, true);
    return copy;
  }

  private static Tensor empty(MethodHandle function, DType dtype, Device device, long... shape) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      int error =
          (int)
              function.invokeExact(
                  (long) shape.length,
                  arena.allocateFrom(JAVA_LONG, shape),
                  arena.allocateFrom(JAVA_LONG, strides(shape)),
                  dtype.code(),
                  device.type().code(),
                  device.index(),
                  out);
      Native.check(error, () -> "empty " + dtype + Arrays.toString(shape) + " on " + device);
      return Tensor.adopt(out.get(ADDRESS, 0));
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  /** A tensor of one number. */
  public static Tensor full(double value, DType dtype, Device device, long... shape) {
    Tensor tensor = empty(dtype, device, shape);
    tensor.fill_(value);
    return tensor;
  }

  /** A tensor of zeros. */
  public static Tensor zeros(DType dtype, Device device, long... shape) {
    return full(0, dtype, device, shape);
  }

  /** A tensor without axes. */
  public static Tensor scalar(double value, DType dtype, Device device) {
    return full(value, dtype, device);
  }

  /** float32 from Java, on the CPU. */
  public static Tensor of(float[] values, long... shape) {
    return copied(MemorySegment.ofArray(values), DType.FLOAT32, shape);
  }

  /** float64 from Java, on the CPU. */
  public static Tensor of(double[] values, long... shape) {
    return copied(MemorySegment.ofArray(values), DType.FLOAT64, shape);
  }

  /** int64 from Java, on the CPU. */
  public static Tensor of(long[] values, long... shape) {
    return copied(MemorySegment.ofArray(values), DType.INT64, shape);
  }

  /** Ids or positions: int64 from Java ints, on the CPU. */
  public static Tensor of(int[] values, long... shape) {
    long[] wide = new long[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return of(wide, shape);
  }

  /** Booleans from bytes that are 0 or 1, on the CPU. */
  public static Tensor mask(MemorySegment values, long... shape) {
    return copied(values, DType.BOOL, shape);
  }

  /** A tensor with memory of its own, on the CPU, from a segment that holds its elements. */
  public static Tensor copied(MemorySegment values, DType dtype, long... shape) {
    Tensor tensor = empty(dtype, Device.CPU, shape);
    checkSize(values, dtype, shape);
    MemorySegment.copy(values, 0, tensor.memory(), 0, values.byteSize());
    return tensor;
  }

  /**
   * A tensor on the CPU that shares native memory, such as a mapped file. The segment must be
   * aligned and must outlive the tensor and every view of it.
   */
  public static Tensor shared(MemorySegment values, DType dtype, long... shape) {
    checkSize(values, dtype, shape);
    if (!values.isNative() || values.address() % dtype.bytes() != 0) {
      throw new IllegalArgumentException("shared memory must be native and aligned");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      int error =
          (int)
              Native.FROM_BLOB.invokeExact(
                  values,
                  (long) shape.length,
                  arena.allocateFrom(JAVA_LONG, shape),
                  arena.allocateFrom(JAVA_LONG, strides(shape)),
                  0L,
                  dtype.code(),
                  Device.Type.CPU.code(),
                  0,
                  out);
      Native.check(error, "share memory");
      return Tensor.adopt(out.get(ADDRESS, 0));
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  /** Joins tensors along an axis. */
  public static Tensor concatenate(List<Tensor> tensors, int axis) {
    return Dispatcher.call(CONCATENATE, tensors, axis);
  }

  /** Joins tensors of one shape along an axis put before {@code axis}. */
  public static Tensor stack(List<Tensor> tensors, int axis) {
    return Dispatcher.call(STACK, tensors, axis);
  }

  /**
   * Views of all of an axis, one behind the other. Their gradients are joined in one pass, where
   * those of {@link Tensor#narrow} are each as large as the whole.
   *
   * @param lengths of the views
   */
  public static List<Tensor> split(Tensor tensor, int axis, long... lengths) {
    if (LongStream.of(lengths).sum() != tensor.size(axis)) {
      throw new IllegalArgumentException(
          "split axis " + axis + " of " + tensor + " into " + Arrays.toString(lengths));
    }
    return Dispatcher.callForList(SPLIT, tensor, lengths, axis);
  }

  /** A view of each index of an axis, which goes; gradients are joined as those of a split. */
  public static List<Tensor> unbind(Tensor tensor, int axis) {
    return Dispatcher.callForList(UNBIND, tensor, axis);
  }

  private static void checkSize(MemorySegment values, DType dtype, long[] shape) {
    if (values.byteSize() != Shapes.count(shape) * dtype.bytes()) {
      throw new IllegalArgumentException(
          values.byteSize()
              + " bytes for "
              + dtype
              + Arrays.toString(shape)
              + ": expected "
              + Shapes.count(shape) * dtype.bytes());
    }
  }

  private static long[] strides(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(1, shape[i]);
    }
    return strides;
  }
}
