package dev.anneal.schedule;

import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Pictures of a hyperschedule: a state a row, time running down; a position a column.
 *
 * <p>Where there are more states or positions than cells, evenly spaced ones are drawn, the first
 * and the last among them.
 */
public final class HyperscheduleDrawing {

  private static final char SETTLED = '█';
  private static final char WORTHLESS = '·';

  /** From nearly settled to nearly noise. */
  private static final String SHADES = "▓▒░";

  private HyperscheduleDrawing() {}

  /**
   * A drawing in Unicode shades, with a headline and a legend.
   *
   * @param length positions of the sequence, at least 1
   * @param columns most characters across the matrix, at least 1; its row labels come on top
   * @param rows most states down, at least 1
   * @throws IllegalArgumentException if a number is not positive
   */
  public static String terminal(Hyperschedule hyperschedule, int length, int columns, int rows) {
    Require.positive("columns", columns);
    Require.positive("rows", rows);
    int[] positions = samples(length, columns);
    int[] states = samples(hyperschedule.steps(length) + 1, rows);
    // A character is about twice as high as wide.
    int cell = positions.length * 2 <= columns ? 2 : 1;
    int labelWidth =
        Math.max("state".length(), Integer.toString(states[states.length - 1]).length());
    var text = new StringBuilder(headline(hyperschedule, length)).append('\n');
    text.append("state  position 0 … %d\n".formatted(length - 1));
    for (int state : states) {
      text.append(("%" + labelWidth + "d  ").formatted(state));
      for (int position : positions) {
        text.repeat(shade(hyperschedule.level(state, position), hyperschedule.levels()), cell);
      }
      text.append('\n');
    }
    return text.append(legend(hyperschedule.levels())).append('\n').toString();
  }

  /**
   * A self-contained SVG heat-map: steel blue is settled, hot colours are active (yellow the
   * noisiest), hatched is worthless. It follows the reader's light or dark colour scheme.
   *
   * @param length positions of the sequence, at least 1
   * @throws IllegalArgumentException if the length is not positive
   */
  public static String svg(Hyperschedule hyperschedule, int length) {
    return new HeatMap(hyperschedule, length).svg();
  }

  /** What is drawn, such as {@code block, width 4, levels 8: 1024 positions in 2048 calls}. */
  static String headline(Hyperschedule hyperschedule, int length) {
    return String.format(
        Locale.ROOT,
        "%s: %d positions in %d calls",
        HyperscheduleFamily.describe(hyperschedule),
        length,
        hyperschedule.steps(length));
  }

  /**
   * At most {@code cells} evenly spaced numbers out of 0 … count − 1, first and last among them.
   */
  static int[] samples(int count, int cells) {
    if (count <= cells) {
      return IntStream.range(0, count).toArray();
    }
    long gaps = Math.max(1, cells - 1);
    return IntStream.range(0, cells)
        .map(cell -> (int) ((cell * (count - 1L) + gaps / 2) / gaps))
        .toArray();
  }

  private static char shade(int level, int levels) {
    if (level == 0) {
      return SETTLED;
    }
    return level == levels
        ? WORTHLESS
        : SHADES.charAt((int) ((level - 1L) * SHADES.length() / (levels - 1)));
  }

  private static String legend(int levels) {
    String active =
        switch (levels) {
          case 1 -> "";
          case 2 -> "▓ active (level 1)   ";
          default ->
              "%s active (level 1 … %d)   "
                  .formatted(
                      SHADES.substring(0, Math.min(SHADES.length(), levels - 1)), levels - 1);
        };
    return "%c settled (level 0)   %s%c worthless (level %d)"
        .formatted(SETTLED, active, WORTHLESS, levels);
  }
}
