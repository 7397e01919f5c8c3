package dev.anneal.tensor;

import java.util.Collections;
import java.util.List;

/** Fused updates of many tensors at once; all of them in place. */
public final class Optimizers {
  private static final Operator ADAM_W =
      Operator.of(
          "aten::_fused_adamw_(Tensor[], Tensor[], Tensor[], Tensor[], Tensor[], Tensor[],"
              + " float, float, float, float, float, bool, bool, Tensor?, Tensor?) -> 0");
  private static final Operator ZERO = Operator.of("aten::_foreach_zero_(Tensor[]) -> 0");
  private static final Operator LERP =
      Operator.of("aten::_foreach_lerp_.List(Tensor[], Tensor[], Tensor[]) -> 0");

  /** Keeps a division by the root of the squared gradient finite. */
  private static final double EPSILON = 1e-8;

  private Optimizers() {}

  /**
   * What an Adam step reads and writes, tensor by tensor.
   *
   * @param weights moved
   * @param gradients read (and scaled)
   * @param means of the gradient, moved
   * @param squares of the gradient's mean square, moved
   */
  public record Moving(
      List<Tensor> weights, List<Tensor> gradients, List<Tensor> means, List<Tensor> squares) {}

  /**
   * The numbers of an Adam step.
   *
   * @param divisor a float32 number on the weights' device that gradients are divided by first
   */
  public record Adam(double rate, double beta1, double beta2, double weightDecay, Tensor divisor) {}

  /**
   * One step of Adam with decoupled weight decay.
   *
   * @param count the number of this step, from 1, as a float32 number
   */
  public static void adamW_(Moving moving, Adam adam, Tensor count) {
    Dispatcher.run(
        ADAM_W,
        moving.weights,
        moving.gradients,
        moving.means,
        moving.squares,
        List.of(),
        Collections.nCopies(moving.weights.size(), count),
        adam.rate,
        adam.beta1,
        adam.beta2,
        adam.weightDecay,
        EPSILON,
        false,
        false,
        adam.divisor,
        Dispatcher.NONE);
  }

  /** Sets every element to zero. */
  public static void zero_(List<Tensor> tensors) {
    Dispatcher.run(ZERO, tensors);
  }

  /** Moves each tensor towards its target by the share {@code weight}, a number without axes. */
  public static void approach_(List<Tensor> tensors, List<Tensor> targets, Tensor weight) {
    Dispatcher.run(LERP, tensors, targets, Collections.nCopies(tensors.size(), weight));
  }
}
