package dev.anneal.schedule;

/** The checks that types of this package share. */
final class Require {

  private Require() {}

  static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "%s %d is not positive: expected at least 1".formatted(name, value));
    }
  }

  static void time(double time) {
    if (!(time >= 0 && time <= 1)) {
      throw new IllegalArgumentException(
          "time %s is outside 0 (clean) … 1 (noise)".formatted(time));
    }
  }

  /** The steps as an {@code int} that leaves room for the states, which are one more. */
  static int countable(long steps, int length) {
    positive("length", length);
    if (steps >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%d calls for length %d are too many: expected fewer than %d"
              .formatted(steps, length, Integer.MAX_VALUE));
    }
    return (int) steps;
  }
}
