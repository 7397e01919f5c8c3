package dev.anneal.schedule;

import java.util.Objects;

/**
 * What one call sees of a sequence: {@code [settled ‖ active ‖ worthless]}, and the noise of every
 * position before and after the call.
 *
 * <p>A position is <em>settled</em> if its level is 0 before the call, <em>worthless</em> (pure
 * noise, not fed to the model) if it is still at the top level after it, and <em>active</em>
 * otherwise: the call updates it. A partition is derived from a hyperschedule, never written by
 * one.
 */
public final class Partition {

  private final Hyperschedule hyperschedule;
  private final int step;
  private final int length;
  private final int settled;
  private final int settledAfter;
  private final int end;

  private Partition(Hyperschedule hyperschedule, int step, int length) {
    this.hyperschedule = hyperschedule;
    this.step = step;
    this.length = length;
    this.settled = firstAtLeast(1, step);
    this.settledAfter = firstAtLeast(1, step + 1);
    this.end = firstAtLeast(hyperschedule.levels(), step + 1);
  }

  static Partition of(Hyperschedule hyperschedule, int step, int length) {
    int steps = hyperschedule.steps(length);
    if (step < 0 || step >= steps) {
      throw new IllegalArgumentException(
          "step %d is not a call of %s at length %d: expected 0 … %d"
              .formatted(step, hyperschedule, length, steps - 1));
    }
    return new Partition(hyperschedule, step, length);
  }

  /** What it was derived from. */
  public Hyperschedule hyperschedule() {
    return hyperschedule;
  }

  /** The number of the call; it goes from state {@code step} to state {@code step + 1}. */
  public int step() {
    return step;
  }

  /** All positions of the sequence. */
  public int length() {
    return length;
  }

  /** How many positions are settled: 0 … settled − 1. */
  public int settled() {
    return settled;
  }

  /** Where the active window ends: settled … end − 1 are active. */
  public int end() {
    return end;
  }

  /** How many positions the call updates; 0 only in an idle call. */
  public int active() {
    return end - settled;
  }

  /** How many positions settle in the call: the first ones of the active window. */
  public int settling() {
    return settledAfter - settled;
  }

  /** How many positions are not fed to the model: end … length − 1. */
  public int worthless() {
    return length - end;
  }

  /** The level of a position before the call. */
  public int levelBefore(int position) {
    return hyperschedule.level(step, Objects.checkIndex(position, length));
  }

  /** The level of a position after the call. */
  public int levelAfter(int position) {
    return hyperschedule.level(step + 1, Objects.checkIndex(position, length));
  }

  /** The diffusion time of a position before the call: 0 clean … 1 noise. */
  public double timeBefore(int position) {
    return levelBefore(position) / (double) hyperschedule.levels();
  }

  /** The diffusion time of a position after the call: 0 clean … 1 noise. */
  public double timeAfter(int position) {
    return levelAfter(position) / (double) hyperschedule.levels();
  }

  @Override
  public String toString() {
    return "step %d: %d settled, %d active, %d worthless"
        .formatted(step, settled, active(), worthless());
  }

  /** The first position that is at least so noisy; levels never fall from left to right. */
  private int firstAtLeast(int level, int state) {
    int low = 0;
    int high = length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (hyperschedule.level(state, middle) >= level) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
