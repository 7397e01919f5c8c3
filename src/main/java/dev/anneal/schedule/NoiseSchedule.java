package dev.anneal.schedule;

/**
 * How much of the signal survives at a diffusion time: alpha = e^−sigma, falling from about 1 at
 * time 0 (clean) to about 0 at time 1 (noise).
 */
public sealed interface NoiseSchedule permits Linear, LogLinear, Geometric {

  /**
   * The survival, in [0, 1], never rising with time.
   *
   * @param time diffusion time in [0, 1]
   * @throws IllegalArgumentException if time is outside
   */
  double alpha(double time);

  /**
   * The derivative of {@link #alpha} by time; never positive.
   *
   * @param time diffusion time in [0, 1]
   * @throws IllegalArgumentException if time is outside
   */
  double alphaRate(double time);

  /**
   * The integrated noise −log alpha, from 0 up to infinity (σ in the paper).
   *
   * @param time diffusion time in [0, 1]
   * @throws IllegalArgumentException if time is outside
   */
  default double sigma(double time) {
    return 0.0 - Math.log(alpha(time)); // 0.0 − x, so that no noise is 0 and not −0
  }
}
