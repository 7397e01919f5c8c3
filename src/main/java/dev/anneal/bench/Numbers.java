package dev.anneal.bench;

import java.util.Locale;

/** Numbers with as many digits as a comparison bears. */
final class Numbers {
  private Numbers() {}

  /** Three digits or more, such as 1,234 or 12.3 or 1.23. */
  static String measured(double number) {
    String format = number >= 100 ? "%,.0f" : number >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, number);
  }

  /** As it was written down: 2 or 1.5. */
  static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
