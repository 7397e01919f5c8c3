package dev.anneal.model;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Tensor;

/**
 * In which numbers a network multiplies: in linear layers and in attention, where nearly all of its
 * work is. Weights, their gradients and averages, the sums of rows, norms, softmaxes and losses are
 * float32 in either.
 */
public enum Precision {
  FLOAT32(DType.FLOAT32),

  /**
   * 8 bits of mantissa in place of 24, with float32's range, so that no loss needs scaling. A GPU
   * multiplies such numbers many times as fast, a CPU without instructions for them a hundred times
   * as slowly.
   */
  BFLOAT16(DType.BFLOAT16);

  private final DType type;

  Precision(DType type) {
    this.type = type;
  }

  /** What a device multiplies in unless told otherwise. */
  public static Precision usual(Device device) {
    return switch (device.type()) {
      case CPU -> FLOAT32;
      case CUDA -> BFLOAT16;
    };
  }

  /** The type of the numbers. */
  DType type() {
    return type;
  }

  /** A tensor in these numbers; itself if it is. A gradient comes back in its own. */
  public Tensor of(Tensor tensor) {
    return tensor.dtype() == type ? tensor : tensor.to(type);
  }
}
