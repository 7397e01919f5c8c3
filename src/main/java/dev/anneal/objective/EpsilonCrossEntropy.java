package dev.anneal.objective;

import dev.anneal.noise.Chances;
import dev.anneal.recipe.Default;
import dev.anneal.tensor.Tensor;
import java.util.List;

/**
 * The ε-hybrid's weighted cross-entropy (docs/math.md): a masked token counts by the hazard, 1/p
 * for the linear schedule; an unmasked one counts {@code lambda (1−ε)/(1−p)} if it was scattered
 * and {@code lambda ε/(1−p)} if it was kept, so that both kinds weigh the same in expectation,
 * whatever p is. So the guess it teaches takes half of all tokens for scattered; what the noise
 * implies is made of it by {@link dev.anneal.noise.StartScatter#trust}. With ε = 0 it is the loss
 * of MDLM, draw for draw.
 *
 * @param lambda the weight of the correction part, at least 0; by default 1
 * @param ceiling the largest 1/(1−p), at least 1: as p nears one the last unmasked token would
 *     outweigh the batch; by default 100, which touches the noisiest hundredth of the times
 */
public record EpsilonCrossEntropy(@Default("1.0") double lambda, @Default("100.0") double ceiling)
    implements Objective {

  public EpsilonCrossEntropy {
    if (!(lambda >= 0 && lambda < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("lambda %s: expected at least 0".formatted(lambda));
    }
    if (!(ceiling >= 1)) {
      throw new IllegalArgumentException("ceiling %s: expected at least 1".formatted(ceiling));
    }
  }

  @Override
  public void requireFit(Noising noising) {
    HybridBound.of(noising.noise().process());
  }

  @Override
  public boolean asks(NoisedRow row) {
    return weight(row) > 0;
  }

  @Override
  public Tensor nats(List<NoisedRow> rows, Tensor logits) {
    return CrossEntropies.weighted(rows, logits, this::weight);
  }

  /** What a token's cross-entropy counts. */
  public double weight(NoisedRow row) {
    NoisedRow.Call call = row.call();
    Chances chances = call.chances();
    double unmasked = chances.unmasked();
    double correction = lambda * Math.min(1 / unmasked, ceiling) / unmasked;
    return call.share()
        * switch (row.fate()) {
          case MASKED -> call.hazard();
          case SCATTERED -> correction * chances.kept();
          case KEPT -> correction * chances.scattered();
        };
  }
}
