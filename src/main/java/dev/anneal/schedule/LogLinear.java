package dev.anneal.schedule;

/**
 * alpha = 1 − (1 − floor)·u, so that sigma stays finite at time 1. The schedule of the γ family.
 *
 * @param floor the survival at time 1, in (0, 1); the paper's code has 5e-3 (ε_s), SEDD 1e-3
 */
public record LogLinear(double floor) implements NoiseSchedule {

  /** Checks the floor. */
  public LogLinear {
    if (!(floor > 0 && floor < 1)) {
      throw new IllegalArgumentException(
          "floor %s is not a survival: expected between 0 and 1, such as 0.005".formatted(floor));
    }
  }

  @Override
  public double alpha(double time) {
    Require.time(time);
    return 1 - (1 - floor) * time;
  }

  @Override
  public double alphaRate(double time) {
    Require.time(time);
    return floor - 1;
  }
}
