package dev.anneal.model;

import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;

/**
 * With weights that change from call to call, and may have gradients.
 *
 * @param precision what they are multiplied in, converted for each product anew
 */
record ChangingProducts(Precision precision) implements Products {

  @Override
  public Tensor linear(Layer layer, Tensor input) {
    Tensor rows = precision.of(input);
    Tensor weight = precision.of(layer.cutWeight());
    return layer
        .cutBias()
        .map(shift -> Nn.linear(rows, weight, precision.of(shift)))
        .orElseGet(() -> Nn.linear(rows, weight));
  }

  @Override
  public Tensor gelu(Layer layer, Tensor input) {
    return Nn.gelu(linear(layer, input));
  }

  @Override
  public void close() {}
}
