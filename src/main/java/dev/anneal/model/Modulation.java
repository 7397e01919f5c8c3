package dev.anneal.model;

import dev.anneal.tensor.Tensor;

/**
 * What the noise does to a branch of a block (adaptive layer norm): it shifts and scales the input
 * and gates the output. All are [row, channel]; of zeros, the branch adds nothing.
 */
record Modulation(Tensor shift, Tensor scale, Tensor gate) {
  /** The parts of one branch. */
  static final int PARTS = 3;

  /**
   * The modulation of one branch.
   *
   * @param all shift, scale and gate of each branch in turn, [row, branch · part · channel]
   * @param branch counted from 0
   */
  static Modulation of(Tensor all, int branch, long channels) {
    long first = (long) branch * PARTS * channels;
    return new Modulation(
        all.narrow(1, first, channels),
        all.narrow(1, first + channels, channels),
        all.narrow(1, first + 2 * channels, channels));
  }

  Tensor input(Tensor normed) {
    return shifted(normed, shift, scale);
  }

  Tensor output(Tensor branch) {
    return branch.multiply(gate);
  }

  /** {@code normed · (1 + scale) + shift}. */
  static Tensor shifted(Tensor normed, Tensor shift, Tensor scale) {
    return normed.add(normed.multiply(scale)).add(shift);
  }
}
