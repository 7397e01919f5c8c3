package dev.anneal.objective;

import dev.anneal.tensor.Tensor;
import java.util.List;

/**
 * −log x̂(x0) of every token, as the network guesses it: what is left to pay at time 0 where noise
 * has begun by then, as under the geometric schedule.
 */
public record Reconstruction() implements Objective {

  @Override
  public boolean asks(NoisedRow row) {
    return true;
  }

  @Override
  public Tensor nats(List<NoisedRow> rows, Tensor logits) {
    return CrossEntropies.weighted(rows, logits, row -> row.call().share());
  }
}
