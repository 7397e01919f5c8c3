package dev.anneal.tensor;

import java.util.Optional;

/**
 * A linear layer for many products with weights that stay as they are: laid out once as the
 * processor reads them fastest. Its products have no gradient.
 */
public final class FixedLinear implements AutoCloseable {
  private static final Operator REORDER =
      Operator.of("mkldnn::_reorder_linear_weight(Tensor, int?) -> 1");

  private final Tensor weight;
  private final Optional<Tensor> bias;
  private final boolean ordered;

  /**
   * A layer of given weights.
   *
   * @param weight float32 [output, channel]; must outlive the layer
   * @param bias [output], if it has one; must outlive the layer
   */
  public FixedLinear(Tensor weight, Optional<Tensor> bias) {
    this.ordered = Nn.mayUseOneDnn(weight);
    try (Scope scope = Scope.withoutGradient()) {
      this.weight =
          (ordered ? Dispatcher.call(REORDER, weight, Dispatcher.NONE) : whole(weight)).detached();
      this.bias = bias.map(FixedLinear::whole).map(Tensor::detached);
    }
  }

  /** A handle of its own, as the one that was given may be closed earlier than its memory. */
  private static Tensor whole(Tensor tensor) {
    return tensor.narrow(0, 0, tensor.size(0));
  }

  /**
   * {@code input · weightᵀ}, and the bias.
   *
   * @param input float32 [.., channel]
   */
  public Tensor of(Tensor input) {
    if (ordered) {
      Shapes.checkLast("linear", input.shape(), weight.shape());
      return OneDnn.linear(input, weight, bias);
    }
    return plain(input);
  }

  /** {@link Nn#gelu} of the product. */
  public Tensor gelu(Tensor input) {
    if (ordered) {
      Shapes.checkLast("linear", input.shape(), weight.shape());
      return OneDnn.gelu(input, weight, bias);
    }
    return Nn.gelu(plain(input));
  }

  private Tensor plain(Tensor input) {
    return bias.map(shift -> Nn.linear(input, weight, shift))
        .orElseGet(() -> Nn.linear(input, weight));
  }

  @Override
  public void close() {
    weight.close();
    bias.ifPresent(Tensor::close);
  }
}
