package dev.anneal.model;

import dev.anneal.tensor.Tensor;

/** How linear layers multiply. */
interface Products extends AutoCloseable {

  /** What they multiply in. */
  Precision precision();

  /** {@code input · weightᵀ} of the wanted outputs, and their bias, in that precision. */
  Tensor linear(Layer layer, Tensor input);

  /** {@link dev.anneal.tensor.Nn#gelu} of {@link #linear}. */
  Tensor gelu(Layer layer, Tensor input);

  @Override
  void close();
}
