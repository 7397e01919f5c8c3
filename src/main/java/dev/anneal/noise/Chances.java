package dev.anneal.noise;

/**
 * The chances of the three fates of a real token, from the clean state to some state, or between
 * two states ({@link #since}).
 *
 * @param kept the chance in [0, 1] that noise leaves the token alone
 * @param scattered the chance in [0, 1] that a uniform real token takes its place
 * @param masked the chance in [0, 1] that it becomes the mask; the three sum to one within 1e-12
 */
public record Chances(double kept, double scattered, double masked) {

  /** No noise at all: the state of a settled token, under every process. */
  public static final Chances CLEAN = new Chances(1, 0, 0);

  /** More than a few roundings of numbers near one, less than any chance that matters. */
  private static final double ROUNDING = 1e-12;

  public Chances {
    requireChance("kept", kept);
    requireChance("scattered", scattered);
    requireChance("masked", masked);
    double sum = kept + scattered + masked;
    if (Math.abs(sum - 1) > ROUNDING) {
      throw new IllegalArgumentException(
          "kept %s, scattered %s and masked %s sum to %s; expected 1"
              .formatted(kept, scattered, masked, sum));
    }
  }

  /** The chance of a real token, kept or scattered. */
  public double unmasked() {
    return kept + scattered;
  }

  /**
   * The fate that a uniform draw decides. Masks come first: processes with the same chance of a
   * mask mask the same draws.
   *
   * @param draw uniform in [0, 1)
   */
  public Fate fate(double draw) {
    if (draw < masked) {
      return Fate.MASKED;
    }
    return draw < masked + scattered ? Fate.SCATTERED : Fate.KEPT;
  }

  /**
   * The kernel: the chances of a token that is real in the earlier state, on its way from there to
   * this one. (A mask stays a mask.)
   *
   * <p>A token is kept so far when it was kept before and since; it is real when it was real before
   * and has not been masked since; it is scattered when it was scattered before and kept since, or
   * real before and scattered since. These three equations give the kernel. Where they read 0/0,
   * nothing is seen to change and the kernel keeps: a state without real tokens is followed by the
   * identity, and real tokens none of which is the clean one (alpha 0 of {@link Uniform}, epsilon 1
   * of {@link EpsilonHybrid}) are kept as long as they are not masked.
   *
   * @param earlier the chances of the less noisy state, by the same process
   * @throws IllegalArgumentException when no kernel leads from there to here: a chance below 0 or
   *     above 1 by more than 1e-12, which is taken for rounding
   */
  public Chances since(Chances earlier) {
    double real = quotient(unmasked(), earlier.unmasked(), 1);
    double keep = quotient(kept, earlier.kept, real);
    double scatter = quotient(scattered - keep * earlier.scattered, earlier.unmasked(), 0);
    if (real > 1 + ROUNDING || keep > 1 + ROUNDING || scatter < -ROUNDING) {
      throw new IllegalArgumentException(
          "%s cannot follow %s; expected a state at least as noisy, of the same process"
              .formatted(this, earlier));
    }
    return new Chances(Math.min(keep, 1), Math.max(scatter, 0), Math.max(1 - real, 0));
  }

  /** A quotient of chances, with its value for 0/0. */
  private static double quotient(double part, double whole, double nothingOfNothing) {
    return part == 0 && whole == 0 ? nothingOfNothing : part / whole;
  }

  static void requireChance(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "%s is %s; expected a number from 0 to 1".formatted(name, value));
    }
  }
}
