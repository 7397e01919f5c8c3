package dev.anneal.model;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/**
 * One tensor of weights before training: its sizes, and its elements, uniform in {@code value ±
 * spread}.
 *
 * @param sizes of its axes
 * @param value in the middle
 * @param spread on both sides; 0 for a constant
 */
public record Parameter(List<Long> sizes, double value, double spread) {

  public Parameter {
    sizes = List.copyOf(sizes);
  }

  /** All elements the same. */
  static Parameter constant(double value, long... sizes) {
    return new Parameter(Arrays.stream(sizes).boxed().toList(), value, 0);
  }

  /** Uniform around 0. */
  static Parameter uniform(double spread, long... sizes) {
    return new Parameter(Arrays.stream(sizes).boxed().toList(), 0, spread);
  }

  /** Uniform in ±1/√inputs, as linear layers begin. */
  static Parameter forInputs(int inputs, long... sizes) {
    return uniform(1 / Math.sqrt(inputs), sizes);
  }

  /** How many numbers it holds. */
  public long count() {
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }

  /** Its initial elements, float32 on the CPU: a pure function of the draws. */
  Tensor initial(Rng.Stream draws) {
    long[] shape = sizes.stream().mapToLong(Long::longValue).toArray();
    if (spread == 0) {
      return Tensors.full(value, DType.FLOAT32, Device.CPU, shape);
    }
    float[] elements = new float[Math.toIntExact(count())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) (value + spread * (2 * draws.uniform(i) - 1));
    }
    return Tensors.of(elements, shape);
  }
}
