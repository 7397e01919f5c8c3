package dev.anneal.schedule;

import java.util.Arrays;
import java.util.Locale;

/** Writes the SVG of {@link HyperscheduleDrawing#svg}. Lengths are in user units, about pixels. */
final class HeatMap {

  /** More cells than this are finer than the eye, and make the file large. */
  private static final int MOST_CELLS = 128;

  private static final int LEFT = 76;
  private static final int TOP = 52;
  private static final int WIDTH = 640;
  private static final int LEAST_HEIGHT = 160;
  private static final int MOST_TICKS = 8;

  /** Colours of the active levels, from nearly settled to nearly noise. */
  private static final int SHADES = 24;

  private static final int[] COOL = {176, 42, 48};
  private static final int[] WARM = {240, 128, 40};
  private static final int[] HOT = {255, 222, 110};

  private static final String STYLE =
      """
      <style>
      text{font:13px system-ui,sans-serif;fill:#1f2933}
      .title{font-size:17px;font-weight:600}
      .middle{text-anchor:middle}
      .end{text-anchor:end}
      .paper{fill:#ffffff}
      .settled{fill:#2f6493}
      .noise{fill:#eceff2}
      .hatch,.tick{stroke:#b4bcc6}
      .frame{fill:none;stroke:#7b8794}
      @media (prefers-color-scheme:dark){
      text{fill:#e4e7eb}
      .paper{fill:#14181d}
      .settled{fill:#5b9bd5}
      .noise{fill:#262c33}
      .hatch,.tick{stroke:#4a545f}
      }
      </style>
      <defs><pattern id="worthless" width="6" height="6" patternUnits="userSpaceOnUse" \
      patternTransform="rotate(45)"><rect class="noise" width="6" height="6"/>\
      <path class="hatch" d="M0 0V6"/></pattern></defs>
      """;

  private final Hyperschedule hyperschedule;
  private final int length;
  private final int states;
  private final int[] columns; // the position of each column
  private final int[] rows; // the state of each row
  private final int height;
  private final StringBuilder svg = new StringBuilder();

  HeatMap(Hyperschedule hyperschedule, int length) {
    this.hyperschedule = hyperschedule;
    this.length = length;
    this.states = hyperschedule.steps(length) + 1;
    this.columns = HyperscheduleDrawing.samples(length, MOST_CELLS);
    this.rows = HyperscheduleDrawing.samples(states, MOST_CELLS);
    this.height = Math.clamp((long) WIDTH * rows.length / columns.length, LEAST_HEIGHT, WIDTH);
  }

  String svg() {
    String title = HyperscheduleDrawing.headline(hyperschedule, length);
    add(
        String.format(
            Locale.ROOT,
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
            <title>%3$s</title>
            %4$s<rect class="paper" width="%1$d" height="%2$d" rx="8"/>
            <text class="title" x="%5$d" y="32">%3$s</text>
            """,
            LEFT + WIDTH + 28,
            TOP + height + 100,
            title,
            STYLE,
            LEFT));
    drawPlot();
    drawAxes();
    drawLegend(TOP + height + 68);
    return svg.append("</svg>\n").toString();
  }

  private void drawPlot() {
    String area =
        String.format(
            Locale.ROOT, "x='%d' y='%d' width='%d' height='%d'", LEFT, TOP, WIDTH, height);
    add(String.format(Locale.ROOT, "<rect %s fill='url(#worthless)'/>\n", area));
    add(
        String.format(
            Locale.ROOT,
            "<g transform='translate(%d %d) scale(%s %s)' shape-rendering='crispEdges'>\n",
            LEFT,
            TOP,
            (double) WIDTH / columns.length,
            (double) height / rows.length));
    String[] paths = paths();
    add(String.format(Locale.ROOT, "<path class='settled' d='%s'/>\n", paths[0]));
    for (int shade = 1; shade <= SHADES; shade++) {
      if (!paths[shade].isEmpty()) {
        add(String.format(Locale.ROOT, "<path fill='%s' d='%s'/>\n", colour(shade), paths[shade]));
      }
    }
    add(String.format(Locale.ROOT, "</g>\n<rect class='frame' %s/>\n", area));
  }

  /** For each shade the runs of its cells, in cell units; 0 is settled, worthless has no path. */
  private String[] paths() {
    var paths = new StringBuilder[SHADES + 2];
    Arrays.setAll(paths, shade -> new StringBuilder());
    for (int row = 0; row < rows.length; row++) {
      for (int first = 0, last; first < columns.length; first = last) {
        int shade = shade(row, first);
        last = first + 1;
        while (last < columns.length && shade(row, last) == shade) {
          last++;
        }
        int run = last - first;
        paths[shade].append(String.format(Locale.ROOT, "M%d %dh%dv1h-%dz", first, row, run, run));
      }
    }
    return Arrays.stream(paths).map(StringBuilder::toString).toArray(String[]::new);
  }

  /** 0 settled, 1 … SHADES active, SHADES + 1 worthless. */
  private int shade(int row, int column) {
    int level = hyperschedule.level(rows[row], columns[column]);
    int levels = hyperschedule.levels();
    if (level == 0) {
      return 0;
    }
    return level == levels
        ? SHADES + 1
        : 1 + (int) ((level - 1L) * (SHADES - 1) / Math.max(1, levels - 2));
  }

  private static String colour(int shade) {
    double heat = 2.0 * (shade - 1) / (SHADES - 1);
    return heat <= 1 ? mix(COOL, WARM, heat) : mix(WARM, HOT, heat - 1);
  }

  private static String mix(int[] from, int[] to, double share) {
    var colour = new StringBuilder("#");
    for (int channel = 0; channel < 3; channel++) {
      long value = Math.round(from[channel] + share * (to[channel] - from[channel]));
      colour.append(String.format(Locale.ROOT, "%02x", value));
    }
    return colour.toString();
  }

  private void drawAxes() {
    int bottom = TOP + height;
    String text = "<text class='%s' x='%d' y='%d'>%s</text>\n";
    for (long position = 0; position < length; position += tickGap(length)) {
      long x = LEFT + Math.round((position + 0.5) * WIDTH / length);
      add(String.format(Locale.ROOT, "<path class='tick' d='M%d %dv5'/>", x, bottom));
      add(String.format(Locale.ROOT, text, "middle", x, bottom + 20, position));
    }
    for (long state = 0; state < states; state += tickGap(states)) {
      long y = TOP + Math.round((state + 0.5) * height / states);
      add(String.format(Locale.ROOT, "<path class='tick' d='M%d %dh-5'/>", LEFT, y));
      add(String.format(Locale.ROOT, text, "end", LEFT - 9, y + 4, state));
    }
    add(String.format(Locale.ROOT, text, "middle", LEFT + WIDTH / 2, bottom + 42, "position"));
    add(
        String.format(
            Locale.ROOT,
            "<text class='middle' transform='translate(22 %d) rotate(-90)'>state (calls made)</text>\n",
            TOP + height / 2));
  }

  /** The smallest of 1, 2, 5, 10, 20 … that gives few enough ticks. */
  static int tickGap(int count) {
    for (int decade = 1; ; decade *= 10) {
      for (int factor : new int[] {1, 2, 5}) {
        if (count / (factor * decade) <= MOST_TICKS) {
          return factor * decade;
        }
      }
    }
  }

  private void drawLegend(int y) {
    int levels = hyperschedule.levels();
    drawSwatch(LEFT, y, 16, "class='settled'");
    drawLabel(LEFT + 24, y, "settled (0)");
    if (levels > 1) {
      int x = LEFT + 130;
      int shades = levels == 2 ? 1 : SHADES;
      int width = 96 / shades;
      for (int shade = 1; shade <= shades; shade++) {
        drawSwatch(x + width * (shade - 1), y, width, "fill='" + colour(shade) + "'");
      }
      drawLabel(x + 104, y, levels == 2 ? "active (1)" : "active (1 … " + (levels - 1) + ")");
    }
    drawSwatch(LEFT + 390, y, 16, "fill='url(#worthless)'");
    drawLabel(LEFT + 414, y, "worthless (" + levels + ")");
  }

  private void drawSwatch(int x, int y, int width, String look) {
    add(
        String.format(
            Locale.ROOT, "<rect x='%d' y='%d' width='%d' height='16' %s/>\n", x, y, width, look));
  }

  private void drawLabel(int x, int y, String label) {
    add(String.format(Locale.ROOT, "<text x='%d' y='%d'>%s</text>\n", x, y + 13, label));
  }

  private void add(String markup) {
    svg.append(markup);
  }
}
