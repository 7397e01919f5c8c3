package dev.anneal.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A picture of a run: the training loss, and the bound on held-out text under each hyperschedule,
 * by step.
 *
 * @param lines each line's points, by its name
 */
record LossCurve(Map<String, List<Point>> lines) {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;
  private static final int LEFT = 56;
  private static final int RIGHT = 190;
  private static final int TOP = 36;
  private static final int BOTTOM = 44;
  private static final int TICKS = 5;
  private static final List<String> COLOURS =
      List.of("#888888", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9");

  record Point(double step, double nats) {}

  /** The curve of a run's metrics. */
  static LossCurve of(List<JsonNode> metrics) {
    var lines = new LinkedHashMap<String, List<Point>>();
    for (JsonNode line : metrics) {
      double step = line.path("step").asDouble();
      if (line.has("nats")) {
        add(lines, "training loss", step, line.path("nats"));
      }
      line.path("valid_nats")
          .propertyStream()
          .forEach(each -> add(lines, each.getKey(), step, each.getValue()));
    }
    return new LossCurve(lines);
  }

  private static void add(Map<String, List<Point>> lines, String name, double step, JsonNode nats) {
    if (nats.isNumber()) {
      lines.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Point(step, nats.asDouble()));
    }
  }

  String svg() {
    double lastStep = 1;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (List<Point> points : lines.values()) {
      for (Point point : points) {
        lastStep = Math.max(lastStep, point.step);
        low = Math.min(low, point.nats);
        high = Math.max(high, point.nats);
      }
    }
    var frame = lines.isEmpty() ? new Frame(1, 0, 1) : new Frame(lastStep, low, high);
    var svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                + "<text x=\"%d\" y=\"22\" font-size=\"14\">nats per token by step</text>%n",
            WIDTH,
            HEIGHT,
            LEFT));
    frame.draw(svg);
    int number = 0;
    for (var line : lines.entrySet()) {
      draw(svg, frame, line, number++);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void draw(
      StringBuilder svg, Frame frame, Map.Entry<String, List<Point>> line, int number) {
    String colour = COLOURS.get(number % COLOURS.size());
    var points = new StringBuilder();
    for (Point point : line.getValue()) {
      points.append(
          String.format(Locale.ROOT, "%.1f,%.1f ", frame.x(point.step), frame.y(point.nats)));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>%n",
            colour,
            points.toString().strip()));
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
            WIDTH - RIGHT + 10,
            TOP + 12 + 18 * number,
            colour,
            line.getKey()));
  }

  /** Where a step and a loss lie in the picture. */
  private record Frame(double lastStep, double low, double high) {

    double x(double step) {
      return LEFT + step / lastStep * (WIDTH - LEFT - RIGHT);
    }

    double y(double nats) {
      double span = Math.max(high - low, 1e-9);
      return TOP + (high - nats) / span * (HEIGHT - TOP - BOTTOM);
    }

    void draw(StringBuilder svg) {
      for (int tick = 0; tick <= TICKS; tick++) {
        double nats = low + (high - low) * tick / TICKS;
        double step = lastStep * tick / TICKS;
        svg.append(
            String.format(
                Locale.ROOT,
                "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n"
                    + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>%n",
                LEFT,
                WIDTH - RIGHT,
                y(nats),
                y(nats),
                LEFT - 6,
                y(nats) + 4,
                nats));
        svg.append(
            String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>%n",
                x(step),
                HEIGHT - BOTTOM + 18,
                step));
      }
    }
  }
}
