package dev.anneal.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The two 16-bit floating-point formats, and the way between them and float32.
 *
 * <p>Widening is exact. Narrowing rounds to the nearest value, ties to the even one; what is too
 * large becomes infinite, what is too small zero, and a NaN stays a NaN. Segments hold
 * little-endian elements, as files do, and need not be aligned.
 */
public enum HalfFloat {
  /** IEEE 754 binary16: 5 bits of exponent, 10 of fraction. */
  FLOAT16(ElementType.F16) {
    @Override
    public float widen(short half) {
      return Float.float16ToFloat(half);
    }

    @Override
    public short narrow(float value) {
      return Float.floatToFloat16(value);
    }
  },

  /** The upper half of a float32: 8 bits of exponent, 7 of fraction. */
  BFLOAT16(ElementType.BF16) {
    @Override
    public float widen(short half) {
      return Float.intBitsToFloat(half << Short.SIZE);
    }

    @Override
    public short narrow(float value) {
      int bits = Float.floatToRawIntBits(value);
      if (Float.isNaN(value)) {
        return (short) ((bits >>> Short.SIZE) | QUIET_BFLOAT16);
      }
      int odd = (bits >>> Short.SIZE) & 1;
      return (short) ((bits + BELOW_A_TIE + odd) >>> Short.SIZE);
    }
  };

  /** The bit that keeps a NaN from becoming an infinity when the rest of its fraction is cut. */
  private static final int QUIET_BFLOAT16 = 0x0040;

  /** Carries into the upper half from just above a tie; one more where the upper half is odd. */
  private static final int BELOW_A_TIE = 0x7FFF;

  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ElementType type;

  HalfFloat(ElementType type) {
    this.type = type;
  }

  /** The name of the format in a file. */
  public ElementType type() {
    return type;
  }

  /** The float32 of the same value. */
  public abstract float widen(short half);

  /** The nearest value of this format. */
  public abstract short narrow(float value);

  /**
   * Widens a row of numbers.
   *
   * @param halves the source, two bytes each
   * @param floats the target, four bytes each
   * @throws IllegalArgumentException if the two do not hold equally many
   */
  public void widen(MemorySegment halves, MemorySegment floats) {
    long count = count(halves, floats);
    for (long i = 0; i < count; i++) {
      floats.set(FLOAT, i * Float.BYTES, widen(halves.get(HALF, i * Short.BYTES)));
    }
  }

  /**
   * Narrows a row of numbers.
   *
   * @param floats the source, four bytes each
   * @param halves the target, two bytes each
   * @throws IllegalArgumentException if the two do not hold equally many
   */
  public void narrow(MemorySegment floats, MemorySegment halves) {
    long count = count(halves, floats);
    for (long i = 0; i < count; i++) {
      halves.set(HALF, i * Short.BYTES, narrow(floats.get(FLOAT, i * Float.BYTES)));
    }
  }

  private static long count(MemorySegment halves, MemorySegment floats) {
    long count = floats.byteSize() / Float.BYTES;
    if (floats.byteSize() != count * Float.BYTES || halves.byteSize() != count * Short.BYTES) {
      throw new IllegalArgumentException(
          "%d bytes of 16-bit and %d bytes of 32-bit floats: expected one to two"
              .formatted(halves.byteSize(), floats.byteSize()));
    }
    return count;
  }
}
