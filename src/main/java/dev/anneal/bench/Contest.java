package dev.anneal.bench;

import java.util.Optional;

/**
 * What a row of the table is about.
 *
 * @param what is measured
 * @param unit of both numbers, such as "tokens/s"
 * @param rival what it is compared with; empty if with nothing
 * @param goal what it has to reach, if anything
 */
public record Contest(String what, String unit, String rival, Optional<Goal> goal) {

  /** One without a goal. */
  static Contest open(String what, String unit, String rival) {
    return new Contest(what, unit, rival, Optional.empty());
  }

  /** One with a goal. */
  static Contest to(Goal goal, String what, String unit, String rival) {
    return new Contest(what, unit, rival, Optional.of(goal));
  }
}
