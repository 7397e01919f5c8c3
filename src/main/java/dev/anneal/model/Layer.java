package dev.anneal.model;

import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import java.util.Optional;

/**
 * The weights of a layer: the parameter {@code name}, or, with a bias, {@code name.weight} and
 * {@code name.bias}.
 */
record Layer(Tensor weight, Optional<Tensor> bias) {

  static Layer of(Parameters parameters, String name) {
    return find(parameters, name)
        .orElseThrow(() -> new IllegalArgumentException("no layer is named " + name));
  }

  /** The layer, if the network has it. */
  static Optional<Layer> find(Parameters parameters, String name) {
    Optional<Tensor> alone = parameters.find(name);
    if (alone.isPresent()) {
      return alone.map(weight -> new Layer(weight, Optional.empty()));
    }
    return parameters
        .find(name + ".weight")
        .map(weight -> new Layer(weight, parameters.find(name + ".bias")));
  }

  /** As a linear layer: {@code input · weightᵀ}, and the bias. */
  Tensor linear(Tensor input) {
    return bias.map(shift -> Nn.linear(input, weight, shift))
        .orElseGet(() -> Nn.linear(input, weight));
  }

  /** As a layer norm. */
  Tensor norm(Tensor input) {
    return bias.map(shift -> Nn.layerNorm(input, weight, shift))
        .orElseGet(() -> Nn.layerNorm(input, weight));
  }

  /** The first {@code outputs} outputs of a linear layer. */
  Layer cut(int outputs) {
    return new Layer(weight.narrow(0, 0, outputs), bias.map(all -> all.narrow(0, 0, outputs)));
  }
}
