package dev.anneal.schedule;

/** alpha = 1 − u: everything is lost at time 1. The schedule of the ε family and of MDLM. */
public record Linear() implements NoiseSchedule {

  @Override
  public double alpha(double time) {
    Require.time(time);
    return 1 - time;
  }

  @Override
  public double alphaRate(double time) {
    Require.time(time);
    return -1;
  }
}
