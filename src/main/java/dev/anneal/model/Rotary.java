package dev.anneal.model;

import dev.anneal.tensor.Device;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;

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
