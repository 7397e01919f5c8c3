package dev.anneal.model;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.anneal.tensor.Device;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.lang.foreign.MemorySegment;

/**
 * Rotary positions (Su et al. 2021), base 10000, half-split: channel c turns with channel c + half.
 *
 * <p>Rotation is {@code x · cos + roll(x, half) · sin}, where the table holds the sine with a minus
 * sign in its first half.
 */
public final class Rotary implements AutoCloseable {
  private static final double BASE = 10_000;

  private final Tensor cosines; // [position, channel]
  private final Tensor sines; // [position, channel]
  private final int channels;

  /** Angles of the positions 0 … length − 1 for heads of so many channels. */
  public Rotary(int length, int channels, Device device) {
    this.channels = channels;
    int half = channels / 2;
    float[] cosine = new float[length * channels];
    float[] sine = new float[length * channels];
    for (int position = 0; position < length; position++) {
      for (int c = 0; c < channels; c++) {
        double angle = position * Math.pow(BASE, -(c % half) / (double) half);
        cosine[position * channels + c] = (float) Math.cos(angle);
        sine[position * channels + c] = (float) (c < half ? -Math.sin(angle) : Math.sin(angle));
      }
    }
    try (Scope scope = Scope.open()) {
      cosines = Tensors.of(cosine, length, channels).to(device).detached();
      sines = Tensors.of(sine, length, channels).to(device).detached();
    }
  }

  /** The angles of the rows of one call, [row, 1, 1, channel]. */
  public record Angles(Tensor cosines, Tensor sines, int half) {

    /** Turns queries and keys, [row, .., head, channel]. */
    public Tensor turn(Tensor input) {
      return input.multiply(cosines).add(input.roll(input.axes() - 1, half).multiply(sines));
    }

    /**
     * Turns queries and keys where they lie, to the same bits in one pass.
     *
     * @param joint open to Java, [row, 3 · head · channel]; values, the last third, stay
     */
    void turn_(Tensor joint) {
      int width = Math.toIntExact(joint.size(1));
      float[] before = new float[width / 3 * 2];
      float[] after = new float[before.length];
      float[] cosine = new float[2 * half];
      float[] sine = new float[2 * half];
      MemorySegment memory = joint.memory();
      MemorySegment cosineTable = cosines.memory();
      MemorySegment sineTable = sines.memory();
      long angles = cosine.length * (long) Float.BYTES;
      for (long row = 0; row < joint.size(0); row++) {
        long start = row * width * Float.BYTES;
        MemorySegment.copy(memory, JAVA_FLOAT, start, before, 0, before.length);
        MemorySegment.copy(cosineTable, JAVA_FLOAT, row * angles, cosine, 0, cosine.length);
        MemorySegment.copy(sineTable, JAVA_FLOAT, row * angles, sine, 0, sine.length);
        for (int head = 0; head < before.length; head += 2 * half) {
          turn(before, after, head, cosine, sine);
        }
        MemorySegment.copy(after, 0, memory, JAVA_FLOAT, start, after.length);
      }
    }

    private void turn(float[] before, float[] after, int head, float[] cosine, float[] sine) {
      int middle = head + half;
      for (int c = 0; c < half; c++) {
        after[head + c] = before[head + c] * cosine[c] + before[middle + c] * sine[c];
        after[middle + c] =
            before[middle + c] * cosine[half + c] + before[head + c] * sine[half + c];
      }
    }
  }

  /**
   * Looks the angles of rows up.
   *
   * @param positions int64 [row]
   */
  public Angles at(Tensor positions) {
    return new Angles(
        cosines.indexSelect(0, positions).reshape(-1, 1, 1, channels),
        sines.indexSelect(0, positions).reshape(-1, 1, 1, channels),
        channels / 2);
  }

  @Override
  public void close() {
    cosines.close();
    sines.close();
  }
}
