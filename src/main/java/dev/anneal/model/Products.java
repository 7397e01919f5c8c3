package dev.anneal.model;

import dev.anneal.tensor.Tensor;

/** How linear layers multiply. */
interface Products extends AutoCloseable {

  /** {@code input · weightᵀ} of the wanted outputs, and their bias. */
  Tensor linear(Layer layer, Tensor input);

  /** {@link dev.anneal.tensor.Nn#gelu} of {@link #linear}. */
  Tensor gelu(Layer layer, Tensor input);

  @Override
  void close();
}
