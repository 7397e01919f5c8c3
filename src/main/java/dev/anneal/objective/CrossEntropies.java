package dev.anneal.objective;

import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Weighted −log x̂(x0), which several objectives are made of. */
final class CrossEntropies {
  private CrossEntropies() {}

  /** weight · −log softmax(logits)[clean] for each row, [row]. */
  static Tensor weighted(List<NoisedRow> rows, Tensor logits, ToDoubleFunction<NoisedRow> weight) {
    return Nn.crossEntropy(logits, Rows.clean(rows, logits))
        .multiply(Rows.numbers(rows, logits, weight));
  }
}
