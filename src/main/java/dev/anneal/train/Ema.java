package dev.anneal.train;

import dev.anneal.model.Parameters;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Optimizers;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensors;
import java.util.List;

/**
 * The exponential moving average of the weights, which is what gets evaluated, sampled from and
 * shipped. The decay warms up as (1 + n)/(10 + n), so that the first weights are soon forgotten.
 */
public final class Ema implements AutoCloseable {
  private final double decay;
  private final Parameters parameters;
  private final Parameters average;

  /**
   * An average that starts at the parameters.
   *
   * @param decay in [0, 1); 0 averages nothing, and the average is the weights themselves
   */
  public Ema(double decay, Parameters parameters) {
    this.decay = decay;
    this.parameters = parameters;
    this.average =
        decay == 0 ? parameters : parameters.copyTo(parameters.get("embedding").device());
  }

  /** The averaged weights; not to be closed. */
  public Parameters average() {
    return average;
  }

  /** Takes the weights in after {@code done} updates. */
  public void update(long done) {
    if (decay == 0) {
      return;
    }
    double kept = Math.min(decay, (1.0 + done) / (10.0 + done));
    try (Scope scope = Scope.withoutGradient()) {
      var targets = List.copyOf(average.all().values());
      var weight = Tensors.scalar(1 - kept, DType.FLOAT32, targets.getFirst().device());
      Optimizers.approach_(targets, List.copyOf(parameters.all().values()), weight);
    }
  }

  @Override
  public void close() {
    if (average != parameters) {
      average.close();
    }
  }
}
