package dev.anneal.objective;

import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Weighted −log x̂(x0), which several objectives are made of. */
final class CrossEntropies {
  private CrossEntropies() {}

  /** weight · −log softmax(logits)[clean] for each row, [row]. */
  static Tensor weighted(List<NoisedRow> rows, Tensor logits, ToDoubleFunction<NoisedRow> weight) {
    Tensor targets =
        Tensors.of(rows.stream().mapToInt(NoisedRow::clean).toArray(), rows.size())
            .to(logits.device());
    return Nn.crossEntropy(logits, targets).multiply(weights(rows, logits, weight));
  }

  /** A number for each row, [row], of the logits' type and on their device. */
  static Tensor weights(List<NoisedRow> rows, Tensor logits, ToDoubleFunction<NoisedRow> weight) {
    return Tensors.of(rows.stream().mapToDouble(weight).toArray(), rows.size())
        .to(logits.dtype())
        .to(logits.device());
  }
}
