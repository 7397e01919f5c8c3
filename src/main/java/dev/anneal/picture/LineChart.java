package dev.anneal.picture;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Lines through points, with error bars. The SVG is self-contained, also within a page; it follows
 * the reader's light or dark colour scheme, and points at which the pointer rests say what they
 * are.
 *
 * @param title what is seen
 * @param across the axis of x
 * @param up the axis of y
 * @param lines in the order of the legend; points without a place on an axis are left out
 */
public record LineChart(String title, Axis across, Axis up, List<Line> lines) {
  private static final int WIDTH = 760;
  private static final int PLOT_HEIGHT = 340;
  private static final int LEFT = 66;
  private static final int RIGHT = 20;
  private static final int TOP = 40;
  private static final int BELOW_PLOT = 46;
  private static final int LEGEND_ROW = 19;

  /** Longer names need the whole width for themselves. */
  private static final int SHORT_NAME = 46;

  /** More points than these need no marks: the line is what is seen. */
  private static final int MARKED = 40;

  /** Copies the list. */
  public LineChart {
    lines = List.copyOf(lines);
  }

  /**
   * One line.
   *
   * @param name in the legend
   * @param points from one end to the other
   */
  public record Line(String name, List<Point> points) {

    /** Copies the list. */
    public Line {
      points = List.copyOf(points);
    }
  }

  /**
   * A point.
   *
   * @param x across
   * @param y up
   * @param error half the height of its bar; 0 for none
   */
  public record Point(double x, double y, double error) {

    /** A point without an error. */
    public Point(double x, double y) {
      this(x, y, 0);
    }
  }

  /** The picture. */
  public String svg() {
    List<Point> all = lines.stream().flatMap(line -> seen(line).stream()).toList();
    var frame =
        new Frame(
            across.range(all.stream().mapToDouble(Point::x)),
            up.range(
                all.stream()
                    .flatMapToDouble(p -> DoubleStream.of(p.y - p.error, p.y, p.y + p.error))));
    int legendRows = Math.ceilDiv(lines.size(), legendColumns());
    int height = TOP + PLOT_HEIGHT + BELOW_PLOT + legendRows * LEGEND_ROW + 14;
    var svg = new StringBuilder(head(height));
    frame.drawAxes(svg);
    for (int number = 0; number < lines.size(); number++) {
      draw(svg, frame, number);
      drawLegend(svg, number);
    }
    return svg.append("</svg>\n").toString();
  }

  private String head(int height) {
    return String.format(
        Locale.ROOT,
        """
        <svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" role="img">
        <title>%3$s</title>
        %4$s<rect class="paper" width="%1$d" height="%2$d" rx="8"/>
        <text class="title" x="%5$d" y="25">%3$s</text>
        """,
        WIDTH,
        height,
        escaped(title),
        ChartStyle.css(),
        LEFT);
  }

  private List<Point> seen(Line line) {
    return line.points.stream().filter(p -> across.shows(p.x) && up.shows(p.y)).toList();
  }

  private void draw(StringBuilder svg, Frame frame, int number) {
    List<Point> points = seen(lines.get(number));
    String places =
        points.stream()
            .map(p -> String.format(Locale.ROOT, "%.1f,%.1f", frame.x(p.x), frame.y(p.y)))
            .collect(Collectors.joining(" "));
    svg.append(
        String.format(
            Locale.ROOT,
            "<g class=\"line%d\"><polyline stroke-dasharray=\"%s\" points=\"%s\"/>\n",
            ChartStyle.line(number),
            ChartStyle.dash(number),
            places));
    for (Point p : points) {
      if (p.error > 0) {
        double low = up.shows(p.y - p.error) ? frame.y(p.y - p.error) : frame.y(p.y);
        svg.append(
            String.format(
                Locale.ROOT,
                "<path d=\"M%.1f %.1fV%.1f\"/>\n",
                frame.x(p.x),
                low,
                frame.y(p.y + p.error)));
      }
    }
    if (points.size() <= MARKED) {
      points.forEach(p -> mark(svg, frame, lines.get(number).name, p));
    }
    svg.append("</g>\n");
  }

  private void mark(StringBuilder svg, Frame frame, String name, Point p) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\"><title>%s: %s, %s%s</title></circle>\n",
            frame.x(p.x),
            frame.y(p.y),
            escaped(name),
            Axis.number(p.x),
            Axis.number(p.y),
            p.error > 0 ? " ± " + Axis.number(p.error) : ""));
  }

  private int legendColumns() {
    return lines.stream().allMatch(line -> line.name.length() <= SHORT_NAME) ? 2 : 1;
  }

  private void drawLegend(StringBuilder svg, int number) {
    int columns = legendColumns();
    int x = LEFT + number % columns * (WIDTH - LEFT - RIGHT) / columns;
    int y = TOP + PLOT_HEIGHT + BELOW_PLOT + 10 + number / columns * LEGEND_ROW;
    svg.append(
        String.format(
            Locale.ROOT,
            "<g class=\"line%d\"><path stroke-dasharray=\"%s\" d=\"M%d %dh26\"/></g>"
                + "<text x=\"%d\" y=\"%d\">%s</text>\n",
            ChartStyle.line(number),
            ChartStyle.dash(number),
            x,
            y - 4,
            x + 32,
            y,
            escaped(lines.get(number).name)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  /** Where numbers lie in the picture. */
  private final class Frame {
    private final Axis.Range horizontal;
    private final Axis.Range vertical;

    Frame(Axis.Range horizontal, Axis.Range vertical) {
      this.horizontal = horizontal;
      this.vertical = vertical;
    }

    double x(double number) {
      return LEFT + horizontal.share(number) * (WIDTH - LEFT - RIGHT);
    }

    double y(double number) {
      return TOP + (1 - vertical.share(number)) * PLOT_HEIGHT;
    }

    void drawAxes(StringBuilder svg) {
      int right = WIDTH - RIGHT;
      int bottom = TOP + PLOT_HEIGHT;
      for (double tick : vertical.ticks()) {
        svg.append(line(LEFT, y(tick), right, y(tick)));
        svg.append(text(LEFT - 6, y(tick) + 4, "end", Axis.number(tick)));
      }
      for (double tick : horizontal.ticks()) {
        svg.append(line(x(tick), TOP, x(tick), bottom));
        svg.append(text(x(tick), bottom + 17, "middle", Axis.number(tick)));
      }
      svg.append(text((LEFT + right) / 2.0, bottom + 35, "middle", escaped(across.label())));
      svg.append(
          String.format(
              Locale.ROOT,
              "<g transform=\"translate(16 %d) rotate(-90)\">%s</g>\n",
              (TOP + bottom) / 2,
              text(0, 0, "middle", escaped(up.label()))));
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
              LEFT,
              TOP,
              right - LEFT,
              PLOT_HEIGHT));
    }

    private static String line(double x1, double y1, double x2, double y2) {
      return String.format(
          Locale.ROOT, "<path class=\"grid\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", x1, y1, x2, y2);
    }

    private static String text(double x, double y, String anchor, String words) {
      return String.format(
          Locale.ROOT,
          "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
          x,
          y,
          anchor,
          words);
    }
  }
}
