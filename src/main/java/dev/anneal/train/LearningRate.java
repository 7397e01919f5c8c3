package dev.anneal.train;

/**
 * Linear warm-up, then half a cosine.
 *
 * @param peak the highest rate
 * @param end the rate after the last step
 * @param warmUp steps until the peak
 * @param steps steps of the whole run
 */
public record LearningRate(double peak, double end, int warmUp, int steps) {

  public LearningRate {
    if (!(peak > 0) || !(end >= 0) || warmUp < 0 || steps < warmUp) {
      throw new IllegalArgumentException(
          "learning rate %s to %s, warm-up %d of %d steps: expected peak > 0, end ≥ 0, 0 ≤ warm-up ≤ steps"
              .formatted(peak, end, warmUp, steps));
    }
  }

  /** The rate of the update that follows {@code done} finished ones. */
  public double after(long done) {
    if (done < warmUp) {
      return peak * (done + 1) / warmUp;
    }
    double progress = Math.min(1, (done - warmUp) / (double) Math.max(1, steps - warmUp));
    return end + (peak - end) * (1 + Math.cos(Math.PI * progress)) / 2;
  }
}
