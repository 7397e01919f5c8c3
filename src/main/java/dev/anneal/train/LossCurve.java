package dev.anneal.train;

import dev.anneal.picture.Axis;
import dev.anneal.picture.LineChart;
import dev.anneal.picture.LineChart.Line;
import dev.anneal.picture.LineChart.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A picture of a run: the training loss, and the bound on held-out text under each hyperschedule,
 * by step.
 */
final class LossCurve {
  private LossCurve() {}

  /** The curve of a run's metrics. */
  static LineChart of(List<JsonNode> metrics) {
    var lines = new LinkedHashMap<String, List<Point>>();
    for (JsonNode line : metrics) {
      double step = line.path("step").asDouble();
      if (line.has("nats")) {
        add(lines, "training loss", step, line.path("nats"), 0);
      }
      JsonNode errors = line.path("valid_errors");
      line.path("valid_nats")
          .propertyStream()
          .forEach(
              each -> {
                double error = errors.path(each.getKey()).asDouble(0);
                add(lines, each.getKey(), step, each.getValue(), error);
              });
    }
    return new LineChart(
        "nats per token by step",
        Axis.linear("step"),
        Axis.linear("nats per token"),
        lines.entrySet().stream().map(line -> new Line(line.getKey(), line.getValue())).toList());
  }

  private static void add(
      Map<String, List<Point>> lines, String name, double step, JsonNode nats, double error) {
    if (nats.isNumber()) {
      lines
          .computeIfAbsent(name, _ -> new ArrayList<>())
          .add(new Point(step, nats.asDouble(), error));
    }
  }
}
