package dev.anneal.study;

import dev.anneal.evaluate.Estimate;
import dev.anneal.recipe.Recipe;
import dev.anneal.train.RunFolder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/**
 * What a training run has left behind.
 *
 * @param name what it is called
 * @param recipe of the run
 * @param metrics its lines
 */
public record TrainingRecord(String name, Recipe recipe, List<JsonNode> metrics) {

  /** Reads a run's folder. */
  static TrainingRecord read(String name, RunFolder run) throws IOException {
    return new TrainingRecord(name, run.readRecipe(), run.metrics());
  }

  /** Updates made, as far as the metrics tell. */
  public long steps() {
    return metrics.stream().mapToLong(line -> line.path("step").asLong(0)).max().orElse(0);
  }

  /** Tokens of text seen in so many updates. */
  public long tokens(long steps) {
    return steps * recipe.training().batch() * recipe.model().longestText();
  }

  /**
   * Nats per token on held-out text at the last evaluation, by the hyperschedule's name; nothing if
   * there was none.
   */
  public SequencedMap<String, Estimate> lastEvaluation() {
    var last = new LinkedHashMap<String, Estimate>();
    metrics.stream()
        .filter(line -> line.has("valid_nats"))
        .reduce((earlier, later) -> later)
        .ifPresent(
            line ->
                line.path("valid_nats")
                    .propertyStream()
                    .filter(each -> each.getValue().isNumber())
                    .forEach(
                        each ->
                            last.put(
                                each.getKey(),
                                estimate(
                                    each.getValue().asDouble(),
                                    line.path("valid_errors").path(each.getKey())))));
    return last;
  }

  private Estimate estimate(double nats, JsonNode error) {
    return new Estimate(
        nats,
        error.isNumber() ? OptionalDouble.of(error.asDouble()) : OptionalDouble.empty(),
        recipe.training().sequencesEvaluated());
  }
}
