package dev.anneal.sample;

import dev.anneal.noise.Chances;
import dev.anneal.noise.Noise;
import dev.anneal.noise.Posterior;
import dev.anneal.noise.Rates;
import dev.anneal.noise.Shares;
import dev.anneal.schedule.Partition;

/** The way of one active token through one call: from a noisy state to a less noisy one. */
public final class Transition {

  /** Less than any chance that matters. */
  private static final double ROUNDING = 1e-12;

  /** Where sigma falls from infinity: a number whose product with a chance of 0 is 0. */
  private static final double LONGEST_STEP = 1e6;

  private final Noise noise;
  private final double timeBefore;
  private final double timeAfter;
  private final Chances before;
  private final Chances after;

  private Transition(Noise noise, double timeBefore, double timeAfter) {
    this.noise = noise;
    this.timeBefore = timeBefore;
    this.timeAfter = timeAfter;
    this.before = noise.at(timeBefore);
    this.after = timeAfter == 0 ? Chances.CLEAN : noise.at(timeAfter);
  }

  /** What a call does at one rank of the unknown positions. */
  static Transition of(Noise noise, Partition partition, int rank) {
    return new Transition(noise, partition.timeBefore(rank), partition.timeAfter(rank));
  }

  /** The chances of the token's state before the call. */
  public Chances before() {
    return before;
  }

  /** The chances of its state after the call; {@link Chances#CLEAN} if the call settles. */
  public Chances after() {
    return after;
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
   * When in the call a mask is lifted that {@link #lifts}: uniform in [0, 1), in the order of the
   * times at which masks of one level are lifted.
   *
   * @param event uniform in [0, 1)
   */
  public double turn(double event) {
    return event / (1 - staying());
  }

  /**
   * Whether a token is masked after the call, with the chance that its state has then. An event
   * that lifts a mask never masks.
   *
   * @param event uniform in [0, 1)
   */
  public boolean isMaskedAfter(double event) {
    return event >= 1 - after.masked();
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

  /** Whether the noise between the two states scatters; else a real token is as it was. */
  public boolean scatters() {
    return before.since(after).scattered() > ROUNDING;
  }

  /** What the noise would do to a real token between the two states, to first order in sigma. */
  public Rates expected() {
    var schedule = noise.schedule();
    double step = schedule.sigma(timeBefore) - schedule.sigma(timeAfter);
    return Rates.of(noise.process(), schedule.alpha(timeBefore)).over(Math.min(step, LONGEST_STEP));
  }

  /** The way back between the two states. */
  public Posterior posterior() {
    return new Posterior(after, before);
  }

  /**
   * A draw from the guess, scattered as the noise has it after the call: from (1 − ε)·guess +
   * ε·uniform under the ε-hybrid, and from the guess alone in the call that settles.
   */
  public Action noisyGuess() {
    return new Action.Draw(Shares.of(after));
  }

  /** The chance that a mask stays. */
  private double staying() {
    return after.masked() / before.masked();
  }
}
