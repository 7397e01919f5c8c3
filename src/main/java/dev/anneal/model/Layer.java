package dev.anneal.model;

import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import java.util.Optional;

/**
 * The weights of a layer: the parameter {@code name}, or, with a bias, {@code name.weight} and
 * {@code name.bias}.
 *
 * @param weight of a linear layer: [output, channel]
 * @param outputs how many of a linear layer's outputs are wanted: the first
 * @param products what multiplies
 */
record Layer(Tensor weight, Optional<Tensor> bias, int outputs, Products products) {

  static Layer of(Parameters parameters, String name) {
    return find(parameters, name)
        .orElseThrow(() -> new IllegalArgumentException("no layer is named " + name));
  }

  /** The layer, if the network has it. */
  static Optional<Layer> find(Parameters parameters, String name) {
    Optional<Tensor> alone = parameters.find(name);
    if (alone.isPresent()) {
      return alone.map(weight -> of(weight, Optional.empty(), parameters.products()));
    }
    return parameters
        .find(name + ".weight")
        .map(weight -> of(weight, parameters.find(name + ".bias"), parameters.products()));
  }

  /** A layer of given weights. */
  static Layer of(Tensor weight, Optional<Tensor> bias, Products products) {
    return new Layer(weight, bias, Math.toIntExact(weight.size(0)), products);
  }

  /** As a linear layer: {@code input · weightᵀ}, and the bias. */
  Tensor linear(Tensor input) {
    return products.linear(this, input);
  }

  /** As an output head: the linear layer's outputs, which nobody multiplies on, as float32. */
  Tensor head(Tensor input) {
    return Precision.FLOAT32.of(linear(input));
  }

  /** {@link Nn#gelu} of the linear layer. */
  Tensor gelu(Tensor input) {
    return products.gelu(this, input);
  }

  /** As a layer norm, in float32. */
  Tensor norm(Tensor input) {
    return bias.map(shift -> Nn.layerNorm(input, weight, shift))
        .orElseGet(() -> Nn.layerNorm(input, weight));
  }

  /** The first {@code outputs} outputs of a linear layer. */
  Layer cut(int outputs) {
    return new Layer(weight, bias, outputs, products);
  }

  /** The weights of the wanted outputs, [output, channel]. */
  Tensor cutWeight() {
    return cut(weight);
  }

  /** The bias of the wanted outputs, [output]. */
  Optional<Tensor> cutBias() {
    return bias.map(this::cut);
  }

  private Tensor cut(Tensor all) {
    return all.size(0) == outputs ? all : all.narrow(0, 0, outputs);
  }
}
