package dev.anneal.sample;

import dev.anneal.noise.Chances;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Partition;

/**
 * The way of one active token through one call: from a noisy state to a less noisy one.
 *
 * @param before the chances of its state before the call, where a mask is possible
 * @param after the chances of its state after the call; {@link Chances#CLEAN} if the call settles
 */
public record Transition(Chances before, Chances after) {

  /** Refuses a state before which has no masks, so that none could be lifted. */
  public Transition {
    if (before.masked() == 0) {
      throw new IllegalArgumentException("no token is masked in the state %s".formatted(before));
    }
  }

  /** What a call does at one rank of the unknown positions. */
  static Transition of(Noise noise, Partition partition, int rank) {
    boolean settles = partition.levelAfter(rank) == 0;
    return new Transition(
        noise.at(partition.timeBefore(rank)),
        settles ? Chances.CLEAN : noise.at(partition.timeAfter(rank)));
  }

  /** True of the token's last call. */
  public boolean settles() {
    return after.equals(Chances.CLEAN);
  }

  /**
   * Whether a mask is lifted, with chance (α after − α before)/(1 − α before).
   *
   * @param event uniform in [0, 1)
   */
  public boolean lifts(double event) {
    return event < 1 - staying();
  }

  /**
   * Whether a real token is drawn anew, with chance η·(1 − the chance that a mask is lifted).
   *
   * @param eta η, strength of the correction
   * @param event uniform in [0, 1)
   */
  public boolean refreshes(double eta, double event) {
    return event < eta * staying();
  }

  /** How much of a real token's draw is uniform after the call: ε under the ε-hybrid, 0 at last. */
  public double uniformShare() {
    return after.scattered() / after.unmasked();
  }

  /** The chance that a mask stays. */
  private double staying() {
    return after.masked() / before.masked();
  }
}
