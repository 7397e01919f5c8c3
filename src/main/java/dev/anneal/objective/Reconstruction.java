package dev.anneal.objective;

import dev.anneal.tensor.Tensor;
import java.util.List;

/**
 * −log x̂(x0) of each token as it settles: what is left to pay at time 0 where noise has begun by
 * then, as under the geometric schedule. The other tokens are as noisy as they are at that moment.
 *
 * <p>A part of a bound, and nothing to train with: it needs {@link Noising.Times#AFTER}, which no
 * recipe has, as most of a network's guesses it never sees.
 */
public record Reconstruction() implements Objective {

  @Override
  public void requireFit(Noising noising) {
    if (noising.times() != Noising.Times.AFTER) {
      throw new IllegalArgumentException(
          "reconstruction is the part of a bound that time 0 costs, and no objective to train with:"
              + " expected epsilon-cross-entropy, score-entropy, next-token or hybrid-bound");
    }
  }

  @Override
  public boolean asks(NoisedRow row) {
    return row.call().last();
  }

  @Override
  public Tensor nats(List<NoisedRow> rows, Tensor logits) {
    return CrossEntropies.weighted(rows, logits, row -> row.call().share() * row.call().levels());
  }
}
