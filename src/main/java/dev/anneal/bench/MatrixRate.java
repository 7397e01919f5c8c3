package dev.anneal.bench;

import dev.anneal.model.Placement;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;

/**
 * How fast a device multiplies large matrices by themselves: what the products of a training step
 * could reach at best.
 */
public final class MatrixRate {
  private static final int WARM_UP = 3;
  private static final int COUNTED = 20;

  private MatrixRate() {}

  /**
   * Operations a second.
   *
   * @param size of the square matrices; a product takes 2 · size³ operations
   */
  public static double measure(Placement placement, int size) {
    try (Scope scope = Scope.withoutGradient()) {
      Tensor column = random(0, size, 1).to(placement.device());
      Tensor row = random(1, 1, size).to(placement.device());
      Tensor matrix = placement.precision().of(column.multiply(row)); // [size, size]
      multiply(matrix, WARM_UP);
      long start = System.nanoTime();
      multiply(matrix, COUNTED);
      double seconds = (System.nanoTime() - start) / 1e9;
      return 2 * Math.pow(size, 3) * COUNTED / seconds;
    }
  }

  private static void multiply(Tensor matrix, int times) {
    for (int i = 1; i <= times; i++) {
      try (Scope scope = Scope.open()) {
        Tensor product = Nn.linear(matrix, matrix);
        if (i == times) {
          // A number of the last product is there when all products are done.
          var _ = product.select(0, 0).narrow(0, 0, 1).item();
        }
      }
    }
  }

  private static Tensor random(int number, long... shape) {
    Rng.Stream draws = new Rng(1).stream(Rng.Purpose.WEIGHTS, number, 0);
    float[] values = new float[(int) Math.max(shape[0], shape[1])];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (draws.uniform(i) - 0.5);
    }
    return Tensors.of(values, shape);
  }
}
