package dev.anneal.model;

import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;

/** With weights that change from call to call, and may have gradients. */
final class ChangingProducts implements Products {

  @Override
  public Tensor linear(Layer layer, Tensor input) {
    Tensor weight = layer.cutWeight();
    return layer
        .cutBias()
        .map(shift -> Nn.linear(input, weight, shift))
        .orElseGet(() -> Nn.linear(input, weight));
  }

  @Override
  public Tensor gelu(Layer layer, Tensor input) {
    return Nn.gelu(linear(layer, input));
  }

  @Override
  public void close() {}
}
