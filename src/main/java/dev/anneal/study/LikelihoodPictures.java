package dev.anneal.study;

import dev.anneal.evaluate.LikelihoodDetails;
import dev.anneal.picture.Axis;
import dev.anneal.picture.LineChart;
import dev.anneal.picture.LineChart.Line;
import dev.anneal.picture.LineChart.Point;
import dev.anneal.study.Pictures.Picture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Where the nats of texts lie, and how far models can be believed.
 *
 * @param rows reports of likelihoods
 */
record LikelihoodPictures(List<Row> rows) {

  /** Of fewer, often from one text, the share that is right is mostly chance. */
  static final int FEWEST_GUESSES = 100;

  List<Picture> all() {
    return Stream.concat(positions().stream(), calibration().stream()).toList();
  }

  private List<Picture> positions() {
    return byMeasurement(
        "Loss by position",
        Axis.linear("position in the sequence"),
        Axis.linear("nats per token"),
        details ->
            details.positions().stream()
                .map(loss -> new Point(loss.position(), loss.nats()))
                .toList(),
        "no report has the losses of its positions");
  }

  private List<Picture> calibration() {
    List<Picture> pictures =
        byMeasurement(
            "Calibration: how often guesses behind masks are right",
            Axis.linear("confidence, the chance of the likeliest token"),
            Axis.linear("share that is right"),
            details ->
                details.calibration().bins().stream()
                    .filter(bin -> bin.guesses() >= FEWEST_GUESSES)
                    .map(bin -> new Point(bin.confidence(), bin.right()))
                    .toList(),
            "no report has the confidence of %d guesses of a kind".formatted(FEWEST_GUESSES));
    return pictures.stream().map(LikelihoodPictures::withDiagonal).toList();
  }

  /** Where guesses are as often right as the model is sure. */
  private static Picture withDiagonal(Picture picture) {
    LineChart chart = picture.chart();
    if (chart.lines().isEmpty()) {
      return picture;
    }
    var lines = new ArrayList<>(chart.lines());
    lines.add(new Line("as often as sure", List.of(new Point(0, 0), new Point(1, 1))));
    return new Picture(
        new LineChart(chart.title(), chart.across(), chart.up(), lines), picture.without());
  }

  /** A picture for each text and estimate, a line for each report. */
  private List<Picture> byMeasurement(
      String title,
      Axis across,
      Axis up,
      Function<LikelihoodDetails, List<Point>> points,
      String without) {
    Map<String, List<Line>> charts = new LinkedHashMap<>();
    for (Row row : rows) {
      List<Point> line = row.report().likelihood().map(points).orElse(List.of());
      if (!line.isEmpty()) {
        charts
            .computeIfAbsent(row.text() + ", " + row.estimate(), _ -> new ArrayList<>())
            .add(new Line(likelihoodName(row), line));
      }
    }
    return charts.isEmpty()
        ? List.of(new Picture(new LineChart(title, across, up, List.of()), without))
        : charts.entrySet().stream()
            .map(
                chart ->
                    new Picture(
                        new LineChart(
                            title + " (" + chart.getKey() + ")", across, up, chart.getValue()),
                        without))
            .toList();
  }

  private static String likelihoodName(Row row) {
    return row.estimate().equals("exact") ? row.model() + ", " + row.hyperschedule() : row.model();
  }
}
