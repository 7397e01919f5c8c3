package dev.anneal.model;

import dev.anneal.tensor.Tensor;
import java.util.Optional;

/** A denoiser that computes with weights; they stay with whoever made them. */
public interface Network extends Denoiser, AutoCloseable {

  /**
   * The outputs of every row over the whole vocabulary: what the published code computes.
   *
   * @param window one call without a cache
   * @param mask bool [batch, 1, query, key]; absent if everyone sees everyone
   * @return [batch, width, vocab]
   */
  Tensor allLogits(Window window, Optional<Tensor> mask);

  /**
   * What the network makes of some rows: the numbers in front of its output head.
   *
   * @param window one call without a cache
   * @param rows the wanted rows, as {@link Window#flat}
   * @return [row, channel]
   */
  Tensor features(Window window, int[] rows);

  /**
   * What the output head makes of features: the {@link #logits} of their rows.
   *
   * @param features [row, channel]
   * @param rows the rows they are of
   * @return [row, vocab]
   */
  Tensor head(Window window, int[] rows, Tensor features);

  /** Frees what it made for itself. */
  @Override
  void close();
}
