package dev.anneal.schedule;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A hyperschedule as a user names it: it becomes a {@link Hyperschedule} once the number of
 * positions is known.
 *
 * <p>The rate is the number of tokens that a call settles on average (ρ in the paper): levels =
 * ⌈positions/rate⌉, where positions is the width if the member has one, else the length. (Inside a
 * block, {@link HybridAnnealing} needs width − 1 calls more.)
 *
 * @param name a name out of {@link #names()}
 * @param width positions in a window; min(32, length) if absent
 * @param rate tokens settled per call; 1 if neither rate nor levels is given
 * @param levels noise levels, in place of a rate
 */
public record HyperscheduleChoice(
    String name, OptionalInt width, OptionalDouble rate, OptionalInt levels) {

  /** Wide enough for a model to use its window, narrow enough that text appears as it settles. */
  private static final int DEFAULT_WIDTH = 32;

  /**
   * Checks all that does not depend on a length.
   *
   * @throws IllegalArgumentException if the name is unknown, a number is not positive, rate and
   *     levels are both given, or the member settles in one call and is given another number
   */
  public HyperscheduleChoice {
    HyperscheduleFamily.checkKnown(name);
    if (width.isPresent()) {
      Require.positive("width", width.getAsInt());
    }
    if (levels.isPresent()) {
      Require.positive("levels", levels.getAsInt());
      checkOneCall("levels " + levels.getAsInt(), levels.getAsInt(), name);
    }
    if (rate.isPresent()) {
      checkPositive(rate.getAsDouble());
      checkOneCall("rate " + plain(rate.getAsDouble()), rate.getAsDouble(), name);
    }
    if (rate.isPresent() && levels.isPresent()) {
      throw new IllegalArgumentException(
          "rate %s and levels %d are both given: expected one, as levels = positions / rate"
              .formatted(plain(rate.getAsDouble()), levels.getAsInt()));
    }
  }

  /** The named member with its default width and rate. */
  public static HyperscheduleChoice of(String name) {
    return new HyperscheduleChoice(
        name, OptionalInt.empty(), OptionalDouble.empty(), OptionalInt.empty());
  }

  /** Every known name, plainest first. */
  public static List<String> names() {
    return HyperscheduleFamily.names();
  }

  /** What can be set of the named member: {@code width} and {@code levels}, if it has them. */
  public static List<String> settings(String name) {
    return HyperscheduleFamily.settings(name);
  }

  /**
   * The member for a number of positions to settle. A width may be more than the length: a window
   * is then never full.
   *
   * @param length positions to settle, known ones not counted; at least 1
   * @throws IllegalArgumentException if the rate is more than the positions it applies to, or the
   *     calls are too many to count
   */
  public Hyperschedule forLength(int length) {
    Require.positive("length", length);
    if (!HyperscheduleFamily.takes(name, "width")) {
      checkOnlyWindow(length);
    }
    int window = width.orElse(Math.min(DEFAULT_WIDTH, length));
    int count = levels.orElseGet(() -> levelsFor(window, length));
    return HyperscheduleFamily.create(name, window, count);
  }

  private int levelsFor(int window, int length) {
    boolean windowed = HyperscheduleFamily.takes(name, "width");
    int positions = windowed ? window : length;
    double settled = rate.orElse(1);
    if (settled > positions) {
      throw new IllegalArgumentException(
          "rate %s is more than %s %d: a call cannot settle more tokens than its window holds"
              .formatted(plain(settled), windowed ? "width" : "length", positions));
    }
    // Decimal, so that 49 positions at rate 0.07 are 700 levels as written, not 701.
    BigDecimal count =
        BigDecimal.valueOf(positions).divide(BigDecimal.valueOf(settled), 0, RoundingMode.CEILING);
    if (count.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException(
          "rate %s is too small for %d positions: expected at most %d levels"
              .formatted(plain(settled), positions, Integer.MAX_VALUE));
    }
    return count.intValueExact();
  }

  private static void checkPositive(double rate) {
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "rate %s is not a positive number: expected tokens settled per call, such as 1 or 0.5"
              .formatted(Double.isFinite(rate) ? plain(rate) : rate));
    }
  }

  /** Of a member that settles a token in one call, rate and levels can only be one. */
  private static void checkOneCall(String given, double number, String name) {
    if (number != 1 && !HyperscheduleFamily.takes(name, "levels")) {
      throw new IllegalArgumentException(
          "%s is given, but %s settles one token a call, in one level: expected 1 or nothing"
              .formatted(given, name));
    }
  }

  /**
   * A member without a width has all positions in its window, or one if it has no levels either.
   */
  private void checkOnlyWindow(int length) {
    int only = HyperscheduleFamily.takes(name, "levels") ? length : 1;
    if (width.orElse(only) != only) {
      throw new IllegalArgumentException(
          "width %d is given, but the window of %s has %d at length %d: expected that or nothing"
              .formatted(width.getAsInt(), name, only, length));
    }
  }

  /** The number as a user writes it: 40, neither 40.0 nor 4E+1. */
  private static String plain(double number) {
    int whole = (int) number;
    return number == whole
        ? Integer.toString(whole)
        : BigDecimal.valueOf(number).stripTrailingZeros().toString();
  }
}
