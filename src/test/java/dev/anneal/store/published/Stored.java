package dev.anneal.store.published;

import dev.anneal.store.ElementType;
import dev.anneal.store.StoredTensor;
import dev.anneal.store.TensorDeclaration;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** Tensors in memory. */
public final class Stored {
  private Stored() {}

  /** float32. */
  public static StoredTensor floats(String name, List<Long> shape, float... values) {
    return little(name, ElementType.F32, shape, MemorySegment.ofArray(values));
  }

  /** int64. */
  public static StoredTensor longs(String name, List<Long> shape, long... values) {
    return little(name, ElementType.I64, shape, MemorySegment.ofArray(values));
  }

  /** uint8. */
  public static StoredTensor bytes(String name, List<Long> shape, int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return little(name, ElementType.U8, shape, MemorySegment.ofArray(bytes));
  }

  /** The elements of a float32 tensor. */
  public static float[] floats(StoredTensor tensor) {
    return tensor.bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  private static StoredTensor little(
      String name, ElementType type, List<Long> shape, MemorySegment values) {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new AssertionError("the tests run on little-endian machines");
    }
    return new StoredTensor(new TensorDeclaration(name, type, shape), values);
  }
}
