package dev.anneal.recipe;

/** A setting whose value is out of its range: the message names it, the value and the range. */
final class IllegalSetting extends IllegalArgumentException {

  private final String setting;
  private final String problem;

  IllegalSetting(String setting, Object value, String expected) {
    this.setting = setting;
    this.problem = setting + " is " + value + "; expected " + expected;
  }

  @Override
  public String getMessage() {
    return problem;
  }

  /** The key of the setting, as recipes spell it. */
  String setting() {
    return setting;
  }

  static void requireAtLeast(long least, String setting, long value) {
    if (value < least) {
      throw new IllegalSetting(setting, value, "at least " + least);
    }
  }

  static void requireAboveZero(String setting, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalSetting(setting, value, "more than 0");
    }
  }

  static void requireZeroOrMore(String setting, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalSetting(setting, value, "0 or more");
    }
  }

  /** Averages keep a share of the past: 0 forgets it, 1 would never learn. */
  static void requireDecay(String setting, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalSetting(setting, value, "at least 0 and less than 1");
    }
  }

  static void requireText(String setting, String value) {
    if (value.isBlank()) {
      throw new IllegalSetting(setting, "'" + value + "'", "a text that is not blank");
    }
  }
}
