package dev.anneal.tensor;

import java.util.List;

/**
 * A computed tensor's numbers as a leaf: what is made of them has backward passes of its own, as
 * many as one likes, whose gradients meet here before they go on to what the tensor was made of.
 */
public final class Leaf {
  private static final Operator DETACH = Operator.of("aten::detach(Tensor) -> 1");

  private final Tensor origin;
  private final Tensor tensor;

  /** The leaf of a tensor, in the same memory. */
  public Leaf(Tensor origin) {
    this.origin = origin;
    this.tensor = Dispatcher.call(DETACH, origin).requireGradient();
  }

  /** The numbers. */
  public Tensor tensor() {
    return tensor;
  }

  /**
   * Hands the gradient on.
   *
   * @throws IllegalStateException if none has reached the leaf
   */
  public void backward() {
    Dispatcher.run(Tensor.BACKWARD, origin, List.of(), tensor.gradient(), Dispatcher.NONE, false);
  }
}
