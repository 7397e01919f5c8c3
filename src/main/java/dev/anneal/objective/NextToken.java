package dev.anneal.objective;

import dev.anneal.noise.Chances;
import dev.anneal.tensor.Tensor;
import java.util.List;

/**
 * The autoregressive likelihood: each token, all masked, is guessed once from those before it.
 *
 * <p>For hyperschedules of one level, of which {@link dev.anneal.schedule.Quenched} settles one
 * token a call: there it is the exact negative log-likelihood. Needs {@link Noising.Times#GRID} and
 * a noise that leaves nothing at time 1.
 */
public record NextToken() implements Objective {

  @Override
  public void requireFit(Noising noising) {
    requireOneLevel(noising.hyperschedule().levels());
    requireMasked(noising.noise().at(1));
  }

  @Override
  public boolean asks(NoisedRow row) {
    requireOneLevel(row.call().levels());
    requireMasked(row.call().chances());
    return true;
  }

  private static void requireOneLevel(int levels) {
    if (levels != 1) {
      throw new IllegalArgumentException(
          "next-token loss under a hyperschedule of %d levels: expected one level, such as quenched"
              .formatted(levels));
    }
  }

  private static void requireMasked(Chances chances) {
    if (chances.masked() < 1) {
      throw new IllegalArgumentException(
          "next-token loss of tokens that are masked with chance %s: expected 1, else they are seen"
              .formatted(chances.masked()));
    }
  }

  @Override
  public Tensor nats(List<NoisedRow> rows, Tensor logits) {
    return CrossEntropies.weighted(rows, logits, row -> row.call().share());
  }
}
