package dev.anneal.picture;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A direction of a picture.
 *
 * @param label what it shows, with its unit
 * @param scale how numbers become lengths
 */
public record Axis(String label, Scale scale) {

  /** The share of a range that is left free at either end. */
  private static final double MARGIN = 0.03;

  /** How numbers become lengths. */
  public enum Scale {
    LINEAR,
    /** For numbers above zero. */
    LOGARITHMIC
  }

  /** A linear axis. */
  public static Axis linear(String label) {
    return new Axis(label, Scale.LINEAR);
  }

  /** A logarithmic axis. */
  public static Axis logarithmic(String label) {
    return new Axis(label, Scale.LOGARITHMIC);
  }

  /** Whether a number has a place on it. */
  boolean shows(double number) {
    return Double.isFinite(number) && (scale == Scale.LINEAR || number > 0);
  }

  /** The part of the axis that some numbers need. */
  Range range(DoubleStream numbers) {
    double[] places = numbers.filter(this::shows).map(this::place).toArray();
    double low = DoubleStream.of(places).min().orElse(0);
    double high = DoubleStream.of(places).max().orElse(1);
    double least = Math.max(Math.abs(low), Math.abs(high)) * 1e-9;
    double margin = high - low > least ? MARGIN * (high - low) : 0.5;
    return new Range(low - margin, high + margin);
  }

  private double place(double number) {
    return scale == Scale.LINEAR ? number : Math.log(number);
  }

  /** Some of the axis, between two places. */
  final class Range {
    private static final int TICKS = 5;

    private final double low;
    private final double high;

    private Range(double low, double high) {
      this.low = low;
      this.high = high;
    }

    /** Where a number lies: 0 at the low end, 1 at the high one. */
    double share(double number) {
      return (place(number) - low) / (high - low);
    }

    /** Round numbers all over the range. */
    List<Double> ticks() {
      if (scale == Scale.LINEAR) {
        return evenly(low, high);
      }
      double from = Math.exp(low);
      double to = Math.exp(high);
      List<Double> round =
          IntStream.rangeClosed(
                  (int) Math.floor(low / Math.log(10)), (int) Math.ceil(high / Math.log(10)))
              .boxed()
              .flatMap(
                  power -> DoubleStream.of(1, 2, 4, 8).map(n -> n * Math.pow(10, power)).boxed())
              .filter(tick -> share(tick) > -1e-9 && share(tick) < 1 + 1e-9)
              .toList();
      return round.size() > 2 ? round : evenly(from, to);
    }

    private static List<Double> evenly(double from, double to) {
      double rough = (to - from) / TICKS;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double step =
          DoubleStream.of(1, 2, 5, 10)
              .map(n -> n * power)
              .filter(n -> n >= rough)
              .findFirst()
              .orElse(rough);
      long first = (long) Math.ceil(from / step - 1e-9);
      long last = (long) Math.floor(to / step + 1e-9);
      return LongStream.rangeClosed(first, last).mapToObj(k -> k * step).toList();
    }
  }

  /** A number as a tick has it: no more digits than it needs. */
  static String number(double tick) {
    BigDecimal rounded = new BigDecimal(tick, new MathContext(6)).stripTrailingZeros();
    int decimals = Math.max(0, rounded.scale());
    return String.format(Locale.ROOT, "%,." + decimals + "f", rounded);
  }
}
