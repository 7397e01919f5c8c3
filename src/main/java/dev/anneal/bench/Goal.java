package dev.anneal.bench;

import java.util.Locale;
import java.util.OptionalDouble;

/** What a comparison has to reach. */
public sealed interface Goal {

  /** The goal in words, short. */
  String words();

  /**
   * Whether it is reached.
   *
   * @param ours the median of what Anneal reaches
   * @param ratio the median ratio to the rival, if there is one
   */
  boolean isReached(double ours, OptionalDouble ratio);

  /** To be so many times the rival. */
  record Times(double least) implements Goal {
    @Override
    public String words() {
      return String.format(Locale.ROOT, "≥ %s times", Numbers.plain(least));
    }

    @Override
    public boolean isReached(double ours, OptionalDouble ratio) {
      return ratio.isPresent() && ratio.getAsDouble() >= least;
    }
  }

  /** To be no more than a number. */
  record AtMost(double most) implements Goal {
    @Override
    public String words() {
      return "≤ " + Numbers.plain(most);
    }

    @Override
    public boolean isReached(double ours, OptionalDouble ratio) {
      return ours <= most;
    }
  }
}
