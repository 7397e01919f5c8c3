package dev.anneal.evaluate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A measured number.
 *
 * @param value the number
 * @param standardError of the value, over the texts; absent if there is only one
 * @param count how many texts it was measured on
 */
public record Estimate(double value, OptionalDouble standardError, long count) implements Figure {

  private static final int MOST_DECIMALS = 4;

  /**
   * The mean over texts.
   *
   * @param values one a text, at least one
   */
  static Estimate mean(double[] values) {
    long[] once = new long[values.length];
    Arrays.fill(once, 1);
    return ratio(values, once);
  }

  /**
   * A mean per token (or whatever is counted): the sum over all texts, divided by their tokens. Its
   * error is that of the texts' deviations from the mean, to first order.
   *
   * @param sums one a text, at least one
   * @param tokens of each text; together at least one
   */
  static Estimate ratio(double[] sums, long[] tokens) {
    int count = sums.length;
    long total = Arrays.stream(tokens).sum();
    double mean = Arrays.stream(sums).sum() / total;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double deviation = sums[i] - mean * tokens[i];
      squares += deviation * deviation;
    }
    if (total == 0) {
      throw new IllegalArgumentException("a mean over nothing: expected at least one token");
    }
    return new Estimate(
        mean,
        count < 2
            ? OptionalDouble.empty()
            : OptionalDouble.of(Math.sqrt(squares * count / (count - 1.0)) / total),
        count);
  }

  /** The same in another unit. */
  Estimate times(double factor) {
    return new Estimate(value * factor, scaled(Math.abs(factor)), count);
  }

  /** e to the power of it, such as the perplexity of nats per token; its error to first order. */
  Estimate exponential() {
    double power = Math.exp(value);
    return new Estimate(power, scaled(power), count);
  }

  private OptionalDouble scaled(double factor) {
    return standardError.isPresent()
        ? OptionalDouble.of(standardError.getAsDouble() * factor)
        : standardError;
  }

  @Override
  public Map<String, Object> entry() {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("value", value);
    standardError.ifPresent(error -> entry.put("standard_error", error));
    entry.put("count", count);
    return entry;
  }

  /** {@inheritDoc} With an error, as many digits as it leaves sense in, at most four decimals. */
  @Override
  public String described() {
    int decimals =
        standardError.isPresent() ? decimals(standardError.getAsDouble()) : MOST_DECIMALS;
    String number = "%." + decimals + "f";
    return standardError.isPresent()
        ? String.format(Locale.ROOT, number + " ± " + number, value, standardError.getAsDouble())
        : String.format(Locale.ROOT, number, value);
  }

  /** Those that leave an error two digits. */
  private static int decimals(double error) {
    return error > 0
        ? Math.clamp(1 - (int) Math.floor(Math.log10(error)), 0, MOST_DECIMALS)
        : MOST_DECIMALS;
  }
}
