package dev.anneal.objective;

import dev.anneal.tensor.Tensor;
import java.util.List;

/**
 * −log x̂(x0) of each token as it settles: what is left to pay at time 0 where noise has begun by
 * then, as under the geometric schedule. The other tokens are as noisy as they are at that moment.
 *
 * <p>Needs {@link Noising.Times#AFTER}.
 */
public record Reconstruction() implements Objective {

  @Override
  public boolean asks(NoisedRow row) {
    return row.call().last();
  }

  @Override
  public Tensor nats(List<NoisedRow> rows, Tensor logits) {
    return CrossEntropies.weighted(rows, logits, row -> row.call().share() * row.call().levels());
  }
}
