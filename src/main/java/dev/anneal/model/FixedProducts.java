package dev.anneal.model;

import dev.anneal.tensor.FixedLinear;
import dev.anneal.tensor.Tensor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** With weights that stay as they are: a layer is laid out when it first multiplies. */
final class FixedProducts implements Products {
  private final Precision precision;
  private final Map<Layer, FixedLinear> layers = new ConcurrentHashMap<>();

  FixedProducts(Precision precision) {
    this.precision = precision;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public Tensor linear(Layer layer, Tensor input) {
    return fixed(layer).of(precision.of(input));
  }

  @Override
  public Tensor gelu(Layer layer, Tensor input) {
    return fixed(layer).gelu(precision.of(input));
  }

  private FixedLinear fixed(Layer layer) {
    return layers.computeIfAbsent(
        layer,
        wanted ->
            new FixedLinear(precision.of(wanted.cutWeight()), wanted.cutBias().map(precision::of)));
  }

  @Override
  public void close() {
    layers.values().forEach(FixedLinear::close);
  }
}
