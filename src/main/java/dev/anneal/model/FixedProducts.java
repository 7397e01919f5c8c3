package dev.anneal.model;

import dev.anneal.tensor.FixedLinear;
import dev.anneal.tensor.Tensor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** With weights that stay as they are: a layer is laid out when it first multiplies. */
final class FixedProducts implements Products {
  private final Map<Layer, FixedLinear> layers = new ConcurrentHashMap<>();

  @Override
  public Tensor linear(Layer layer, Tensor input) {
    return fixed(layer).of(input);
  }

  @Override
  public Tensor gelu(Layer layer, Tensor input) {
    return fixed(layer).gelu(input);
  }

  private FixedLinear fixed(Layer layer) {
    return layers.computeIfAbsent(
        layer, wanted -> new FixedLinear(wanted.cutWeight(), wanted.cutBias()));
  }

  @Override
  public void close() {
    layers.values().forEach(FixedLinear::close);
  }
}
