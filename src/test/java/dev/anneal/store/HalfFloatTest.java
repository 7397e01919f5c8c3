package dev.anneal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The oracle is the definition of a binary format, in float64. */
class HalfFloatTest {

  private static final Map<HalfFloat, Integer> FRACTION_BITS =
      Map.of(HalfFloat.FLOAT16, 10, HalfFloat.BFLOAT16, 7);

  @ParameterizedTest
  @EnumSource
  void everyFiniteHalfWidensToItsValue(HalfFloat format) {
    for (int bits = 0; bits < infinity(format); bits++) {
      float value = format.widen((short) bits);
      assertThat((double) value).isEqualTo(value(format, bits));
      assertThat(Float.floatToIntBits(format.widen((short) (bits | 0x8000))))
          .isEqualTo(Float.floatToIntBits(-value));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyHalfComesBackFromItsFloat(HalfFloat format) {
    for (int bits = 0; bits <= infinity(format); bits++) {
      assertNarrows(format, format.widen((short) bits), bits);
    }
  }

  /** Every tie, and the float32 just before and just behind it; beyond the last lies infinity. */
  @ParameterizedTest
  @EnumSource
  void narrowingGoesToTheNearestAndFromATieToTheEven(HalfFloat format) {
    for (int bits = 0; bits < infinity(format); bits++) {
      float tie = (float) ((value(format, bits) + value(format, bits + 1)) / 2);
      assertNarrows(format, Math.nextDown(tie), bits);
      assertNarrows(format, tie, bits % 2 == 0 ? bits : bits + 1);
      assertNarrows(format, Math.nextUp(tie), bits + 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsTooLargeOrTooSmallBecomesInfinityOrZero(HalfFloat format) {
    assertNarrows(format, Float.MAX_VALUE, infinity(format));
    assertNarrows(format, Float.POSITIVE_INFINITY, infinity(format));
    assertNarrows(format, Float.MIN_VALUE, 0);
    assertThat(format.widen((short) infinity(format))).isEqualTo(Float.POSITIVE_INFINITY);
  }

  @ParameterizedTest
  @EnumSource
  void everyNaNStaysOne(HalfFloat format) {
    for (int bits = infinity(format) + 1; bits < 0x8000; bits++) {
      assertThat(format.widen((short) bits)).isNaN();
    }
    for (int bits : new int[] {0x7FC00000, 0x7F800001, 0x7FFFFFFF, 0xFF800001, 0xFFFFFFFF}) {
      assertThat(format.widen(format.narrow(Float.intBitsToFloat(bits)))).isNaN();
    }
  }

  @Test
  void knownValuesOfBfloat16() {
    assertNarrows(HalfFloat.BFLOAT16, 1.0f, 0x3F80);
    assertNarrows(HalfFloat.BFLOAT16, (float) Math.PI, 0x4049);
    assertNarrows(HalfFloat.BFLOAT16, 0.1f, 0x3DCD);
    assertNarrows(HalfFloat.BFLOAT16, 1e-40f, 0x0001);
  }

  @ParameterizedTest
  @EnumSource
  void aRowIsConvertedNumberByNumberAlsoWhereItIsNotAligned(HalfFloat format) {
    var floats = MemorySegment.ofArray(new byte[1 + 4 * 5]).asSlice(1);
    var halves = MemorySegment.ofArray(new byte[1 + 2 * 5]).asSlice(1);
    float[] row = {0.5f, -1.25f, 3.0f, -0.0f, Float.NEGATIVE_INFINITY};
    MemorySegment.copy(MemorySegment.ofArray(row), 0, floats, 0, floats.byteSize());

    format.narrow(floats, halves);
    floats.fill((byte) 1);
    format.widen(halves, floats);

    assertThat(floats.mismatch(MemorySegment.ofArray(row))).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource
  void rowsOfDifferentLengthsAreRefused(HalfFloat format) {
    var floats = MemorySegment.ofArray(new float[3]);
    var halves = MemorySegment.ofArray(new short[4]);
    assertThatThrownBy(() -> format.narrow(floats, halves))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8 bytes")
        .hasMessageContaining("12 bytes");
    assertThatThrownBy(() -> format.widen(halves, floats))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A non-negative float32 narrows to these bits, and its opposite to the same with the sign. */
  private static void assertNarrows(HalfFloat format, float value, int bits) {
    assertThat(format.narrow(value)).as("%s of %s", format, value).isEqualTo((short) bits);
    assertThat(format.narrow(-value)).isEqualTo((short) (bits | 0x8000));
  }

  /** The bits of infinity, which as a number would follow the largest finite one. */
  private static int infinity(HalfFloat format) {
    return 0x7FFF >>> fractionBits(format) << fractionBits(format);
  }

  /** The value of a non-negative number: (1 + fraction) 2^exponent, without the 1 if subnormal. */
  private static double value(HalfFloat format, int bits) {
    int scale = 1 << fractionBits(format);
    int exponent = bits / scale;
    int bias = (1 << (14 - fractionBits(format))) - 1;
    double fraction = (double) (bits % scale) / scale;
    return exponent == 0
        ? Math.scalb(fraction, 1 - bias)
        : Math.scalb(1 + fraction, exponent - bias);
  }

  private static int fractionBits(HalfFloat format) {
    return FRACTION_BITS.getOrDefault(format, 0);
  }
}
