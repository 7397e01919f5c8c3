package dev.anneal.train;

import dev.anneal.tensor.Tensor;
import java.util.Collection;

/**
 * The processes that train one model together: each computes its share of an update's
 * micro-batches, and all of them move equal weights by the sum of their gradients. All make the
 * same calls in the same order.
 */
public interface Collective {

  /** This process's number, from 0; the first one writes and tells. */
  int rank();

  /** How many processes there are. */
  int size();

  /**
   * Replaces each number by its sum over all processes, which is the same in all of them.
   *
   * @param tensors float32
   * @throws LostProcessException if the others do not answer any more
   */
  void sum(Collection<Tensor> tensors);

  /**
   * The sums over all processes.
   *
   * @throws LostProcessException if the others do not answer any more
   */
  double[] sum(double... numbers);

  /** Whether this process writes files and tells what happens. */
  default boolean leads() {
    return rank() == 0;
  }

  /** Waits until all processes are here. */
  default void meet() {
    sum(0.0);
  }

  /** A process on its own. */
  static Collective alone() {
    return new Collective() {
      @Override
      public int rank() {
        return 0;
      }

      @Override
      public int size() {
        return 1;
      }

      @Override
      public void sum(Collection<Tensor> tensors) {}

      @Override
      public double[] sum(double... numbers) {
        return numbers;
      }
    };
  }
}
