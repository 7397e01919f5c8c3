package dev.anneal.objective;

import dev.anneal.tensor.Tensor;
import java.util.List;

/**
 * The autoregressive likelihood: each token, all masked, is guessed once from those before it.
 *
 * <p>For hyperschedules of one level, of which {@link dev.anneal.schedule.Quenched} settles one
 * token a call: there it is the exact negative log-likelihood.
 */
public record NextToken() implements Objective {

  @Override
  public boolean asks(NoisedRow row) {
    if (row.call().levels() != 1) {
      throw new IllegalArgumentException(
          "next-token loss under a hyperschedule of "
              + row.call().levels()
              + " levels: expected one level, such as quenched");
    }
    return true;
  }

  @Override
  public Tensor nats(List<NoisedRow> rows, Tensor logits) {
    return CrossEntropies.weighted(rows, logits, row -> row.call().share());
  }
}
