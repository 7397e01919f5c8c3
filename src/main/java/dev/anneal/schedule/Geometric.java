package dev.anneal.schedule;

/**
 * sigma = smallest^(1−u) · largest^u: the noise grows by the same factor in equal times.
 *
 * @param smallest sigma at time 0, above 0; the paper's code has 1e-4
 * @param largest sigma at time 1, above the smallest; the paper's code has 10
 */
public record Geometric(double smallest, double largest) implements NoiseSchedule {

  /** Checks that 0 &lt; smallest &lt; largest. */
  public Geometric {
    if (!(smallest > 0 && smallest < largest && Double.isFinite(largest))) {
      throw new IllegalArgumentException(
          "sigma from smallest %s to largest %s does not grow: expected 0 < smallest < largest"
              .formatted(smallest, largest));
    }
  }

  @Override
  public double alpha(double time) {
    return Math.exp(-sigma(time));
  }

  @Override
  public double alphaRate(double time) {
    double sigmaRate = sigma(time) * Math.log(largest / smallest);
    return -sigmaRate * alpha(time);
  }

  @Override
  public double sigma(double time) {
    Require.time(time);
    return Math.pow(smallest, 1 - time) * Math.pow(largest, time);
  }
}
