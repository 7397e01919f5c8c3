package dev.anneal.noise;

/**
 * How fast noise acts on a real token at some moment, per unit of σ = −log alpha.
 *
 * @param scattering the rate at which a uniform real token takes its place, perhaps the same one
 * @param masking the rate at which it is masked
 */
public record Rates(double scattering, double masking) {

  /** The step of sigma that differences of logarithms are taken over, at most. */
  private static final double STEP = 1e-2;

  /** The same as a part of sigma: its fourth power is the error, and rounding grows as it falls. */
  private static final double PART = 1.0 / 50;

  /**
   * The rates that a process's chances imply: a token goes on being kept as long as neither befalls
   * it, and being real as long as it is not masked. Differences of fourth order, good to about
   * 1e-7, also near alpha 1, where chances may grow like a power of sigma; what may be rounding
   * alone is 0. Where nothing survives both are 0.
   *
   * @param alpha the survival, at least 0, below 1
   * @throws IllegalArgumentException when it is not
   */
  public static Rates of(NoiseProcess process, double alpha) {
    if (alpha == 0) {
      return new Rates(0, 0);
    }
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException(
          "alpha %s has no rates: expected at least 0, below 1".formatted(alpha));
    }
    double sigma = -Math.log(alpha);
    double step = Math.min(STEP, sigma * PART);
    double leaving = 0;
    double masked = 0;
    int[] weights = {1, -8, 0, 8, -1}; // of a derivative, over 12 steps
    for (int i = 0; i < weights.length; i++) {
      Chances near = process.chances(Math.exp(-sigma - (i - 2) * step));
      double kept = near.kept() == 0 ? near.unmasked() : near.kept(); // as Chances.since
      leaving -= weights[i] * Math.log(kept);
      masked -= weights[i] * Math.log(near.unmasked());
    }
    double rounding = 32 * Math.ulp(1 + sigma); // of a weighted sum of logarithms
    return new Rates(above(rounding, leaving - masked, step), above(rounding, masked, step));
  }

  private static double above(double rounding, double difference, double step) {
    return difference > rounding ? difference / (12 * step) : 0;
  }

  /** What is expected to happen over a step of sigma, to first order. */
  public Rates over(double step) {
    return new Rates(scattering * step, masking * step);
  }
}
