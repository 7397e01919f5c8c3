package dev.anneal.noise;

import dev.anneal.schedule.NoiseSchedule;

/**
 * A process run by a schedule: what noise has done to a token at a diffusion time.
 *
 * @param process what happens at a survival
 * @param schedule which survival a time has
 */
public record Noise(NoiseProcess process, NoiseSchedule schedule) {

  /** The chances of a clean token's fates at a diffusion time in [0, 1]. */
  public Chances at(double time) {
    return process.chances(schedule.alpha(time));
  }

  /** Whether tokens are scattered after the start, too; else noise from then on only masks. */
  public boolean goesOnScattering() {
    return at(0.5).since(at(0.25)).scattered() > 1e-12; // less is rounding
  }

  /**
   * The chances of a token of which nothing survives at time 1: what generation starts from. Where
   * a schedule leaves a survival there, such as log-linear, it is taken out and the rest made one.
   */
  public Chances prior() {
    Chances last = at(1);
    double lost = last.scattered() + last.masked();
    return new Chances(0, last.scattered() / lost, last.masked() / lost);
  }
}
