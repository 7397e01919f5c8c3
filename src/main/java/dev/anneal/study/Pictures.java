package dev.anneal.study;

import dev.anneal.evaluate.Absent;
import dev.anneal.evaluate.Estimate;
import dev.anneal.evaluate.Figure;
import dev.anneal.picture.Axis;
import dev.anneal.picture.LineChart;
import dev.anneal.picture.LineChart.Line;
import dev.anneal.picture.LineChart.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The pictures of a page, or why there is one missing. */
final class Pictures {

  /** Stands for a figure that a report does not have. */
  private static final Figure NONE = new Absent("not measured");

  /**
   * A picture.
   *
   * @param chart what is seen; without lines there is nothing to see
   * @param without why, if there are no lines
   */
  record Picture(LineChart chart, String without) {

    String html() {
      return chart.lines().isEmpty()
          ? "<h2>%s</h2>\n<p class=\"absent\">absent: %s</p>\n"
              .formatted(Html.escaped(chart.title()), Html.escaped(without))
          : "<figure>" + chart.svg() + "</figure>\n";
    }
  }

  private final List<Row> likelihoods;
  private final List<Row> texts;
  private final List<TrainingRecord> trainings;

  Pictures(Evidence evidence) {
    List<Row> rows = evidence.reports().stream().map(Row::new).toList();
    likelihoods = rows.stream().filter(row -> !row.isOfTexts()).toList();
    texts = rows.stream().filter(Row::isOfTexts).toList();
    trainings = evidence.trainings();
  }

  List<Picture> all() {
    var all = new ArrayList<>(List.of(trainingLoss(), heldOut(), pareto(warm(), "")));
    for (String model : models(row -> temperature(row) != 1)) {
      all.add(pareto(texts.stream().filter(row -> row.model().equals(model)).toList(), model));
    }
    all.add(mauve());
    all.addAll(new LikelihoodPictures(likelihoods).all());
    return all;
  }

  private Picture trainingLoss() {
    var lines =
        trainings.stream()
            .map(training -> new Line(training.name(), losses(training)))
            .filter(line -> !line.points().isEmpty())
            .toList();
    return new Picture(
        new LineChart(
            "Training loss (each model's own objective)",
            Axis.linear("tokens"),
            Axis.linear("nats per token"),
            lines),
        "no training run");
  }

  private static List<Point> losses(TrainingRecord training) {
    return training.metrics().stream()
        .filter(line -> line.path("nats").isNumber())
        .map(
            line ->
                new Point(
                    training.tokens(line.path("step").asLong()), line.path("nats").asDouble()))
        .toList();
  }

  private Picture heldOut() {
    Map<String, List<Point>> lines = new LinkedHashMap<>();
    for (TrainingRecord training : trainings) {
      training.metrics().stream()
          .filter(line -> line.has("valid_nats"))
          .forEach(
              line ->
                  line.path("valid_nats")
                      .propertyStream()
                      .filter(each -> each.getValue().isNumber())
                      .forEach(
                          each ->
                              add(
                                  lines,
                                  training.name() + ", " + each.getKey(),
                                  new Point(
                                      training.tokens(line.path("step").asLong()),
                                      each.getValue().asDouble(),
                                      line.path("valid_errors").path(each.getKey()).asDouble(0)))));
    }
    return new Picture(
        new LineChart(
            "Exact bound on held-out text",
            Axis.linear("tokens"),
            Axis.linear("nats per token"),
            lines(lines)),
        "no training run was evaluated");
  }

  /** What is written as the model guesses. */
  private List<Row> warm() {
    return texts.stream().filter(row -> temperature(row) == 1).toList();
  }

  private static double temperature(Row row) {
    return row.made().map(made -> made.temperature()).orElse(1.0);
  }

  private Set<String> models(Predicate<Row> which) {
    return texts.stream()
        .filter(which)
        .map(Row::model)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Picture pareto(List<Row> rows, String model) {
    return new Picture(
        new LineChart(
            "Quality against diversity over rates" + (model.isEmpty() ? "" : ": " + model),
            Axis.linear("unigram entropy, nats"),
            Axis.logarithmic("judge perplexity"),
            overRates(
                rows,
                row ->
                    row.figure("unigram_entropy").orElse(NONE) instanceof Estimate entropy
                            && row.figure("judge_perplexity").orElse(NONE)
                                instanceof Estimate perplexity
                        ? Optional.of(
                            new Point(entropy.value(), perplexity.value(), error(perplexity)))
                        : Optional.empty())),
        reason(rows, "judge_perplexity", "no generated texts were measured"));
  }

  private Picture mauve() {
    return new Picture(
        new LineChart(
            "MAUVE against rate",
            Axis.logarithmic("rate, tokens settled by a call"),
            Axis.linear("MAUVE"),
            overRates(
                warm(),
                row ->
                    row.figure("mauve").orElse(NONE) instanceof Estimate mauve
                        ? row.made().map(made -> new Point(made.rate(), mauve.value()))
                        : Optional.empty())),
        reason(warm(), "mauve", "no generated texts were measured"));
  }

  private static double error(Estimate estimate) {
    return estimate.standardError().orElse(0);
  }

  /** A line for each way to write texts, over its rates. */
  private static List<Line> overRates(List<Row> rows, Function<Row, Optional<Point>> point) {
    Map<String, List<Point>> lines = new LinkedHashMap<>();
    for (Row row : rows) {
      point.apply(row).ifPresent(each -> add(lines, writer(row), each));
    }
    return lines(lines);
  }

  private static String writer(Row row) {
    return row.made().isEmpty()
        ? row.model()
        : "%s, %s, %s%s"
            .formatted(
                row.model(),
                row.hyperschedule(),
                row.sampler(),
                temperature(row) == 1 ? "" : ", temperature " + Names.number(temperature(row)));
  }

  /** Why no row has a figure: the reason of the first, or that there are none. */
  private static String reason(List<Row> rows, String figure, String none) {
    return rows.stream()
        .flatMap(row -> row.figure(figure).stream())
        .findFirst()
        .map(absent -> absent.described().replaceFirst("^absent: ", ""))
        .orElse(none);
  }

  private static void add(Map<String, List<Point>> lines, String name, Point point) {
    lines.computeIfAbsent(name, _ -> new ArrayList<>()).add(point);
  }

  private static List<Line> lines(Map<String, List<Point>> lines) {
    return lines.entrySet().stream().map(each -> new Line(each.getKey(), each.getValue())).toList();
  }
}
