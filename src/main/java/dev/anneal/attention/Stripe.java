package dev.anneal.attention;

/**
 * Some successive rows of a window, and keys among which all are that they may look at: {@code
 * [cached ‖ the rows before prefix ‖ the rows from … to − 1]}.
 *
 * @param first the first of the rows
 * @param end after the last of them
 * @param prefix how many rows are keys, from the window's first on
 * @param from the first row that is a key beside those; at least {@code prefix}
 * @param to after the last row that is a key
 */
public record Stripe(int first, int end, int prefix, int from, int to) {

  /** Checks that rows and keys follow each other. */
  public Stripe {
    if (first < 0 || end < first || prefix < 0 || from < prefix || to < from) {
      throw new IllegalArgumentException(
          "rows %d … %d with keys before %d and %d … %d: expected rows and keys in order"
              .formatted(first, end, prefix, from, to));
    }
  }

  /** Rows with keys that may meet: then they are one run. */
  static Stripe of(int first, int end, int prefix, int from, int to) {
    if (from >= to) {
      return new Stripe(first, end, prefix, prefix, prefix);
    }
    if (from > prefix) {
      return new Stripe(first, end, prefix, from, to);
    }
    int run = Math.max(prefix, to);
    return new Stripe(first, end, run, run, run);
  }

  /** All rows of a window, which may look at all. */
  public static Stripe whole(int rows) {
    return new Stripe(0, rows, rows, rows, rows);
  }

  /** The same rows with the keys of both, as those of several sequences. */
  public Stripe and(Stripe other) {
    if (first != other.first || end != other.end) {
      throw new IllegalArgumentException(
          "%s and %s: expected the same rows".formatted(this, other));
    }
    int least =
        from == to ? other.from : other.from == other.to ? from : Math.min(from, other.from);
    return of(
        first, end, Math.max(prefix, other.prefix), least, Math.max(lastKey(), other.lastKey()));
  }

  private int lastKey() {
    return from == to ? 0 : to;
  }

  /** How many rows it has. */
  public int rows() {
    return end - first;
  }

  /** How many rows are keys. */
  public int keys() {
    return prefix + to - from;
  }

  /** The place among the keys, cached ones left out, of a row that is one. */
  int place(int row) {
    return row < prefix ? row : prefix + row - from;
  }
}
