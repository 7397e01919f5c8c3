package dev.anneal.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.recipe.RecipeReader;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class ComparisonTest {

  private static TrainingRecord run(String name, double epsilon, String... metrics)
      throws IOException {
    var recipe =
        RecipeReader.parse(
            """
            name: %s
            data: {train: [a.txt]}
            model: {layers: 1, heads: 1, channels: 2, length: 8}
            noise: {name: epsilon-hybrid, epsilon: %s}
            hyperschedules: [flat]
            training: {steps: 10, batch: 4, learning_rate: 1}
            """
                .formatted(name, epsilon),
            name);
    return new TrainingRecord(
        name, recipe, List.of(metrics).stream().map(JsonMapper.shared()::readTree).toList());
  }

  private static Comparison of(EvaluationReport... reports) {
    return new Comparison(new Evidence(List.of(), List.of(reports)));
  }

  @Test
  void onlySettingsThatDifferAreShown() throws IOException {
    var comparison =
        new Comparison(
            new Evidence(
                List.of(
                    run("one", 0.1, "{\"step\": 5, \"nats\": 3.0}"),
                    run("two", 0.2, "{\"step\": 10, \"valid_nats\": {\"flat\": 2.5}}")),
                List.of()));
    assertThat(comparison.tables().get(0).rows())
        .containsExactly(
            List.of(
                "noise",
                "{name: epsilon-hybrid, epsilon: 0.1}",
                "{name: epsilon-hybrid, epsilon: 0.2}"));
    assertThat(comparison.tables().get(1).rows())
        .containsExactly(
            List.of("steps", "5", "10"),
            List.of("tokens seen", "160", "320"),
            List.of("held-out nats per token, flat", "–", "2.5000"));
  }

  @Test
  void equalMeasurementsOfOneTextShareARow() {
    Comparison comparison =
        of(Reports.likelihood("one", "a.txt", 2), Reports.likelihood("two", "a.txt", 3));
    assertThat(comparison.tables().getFirst().rows().getFirst())
        .containsExactly(
            "a.txt, estimate exact, hyperschedule flat: nats per token",
            "2.00 ± 0.25",
            "3.00 ± 0.25");
  }

  @Test
  void textsOfOneNameAndAnotherContentDoNotShareARow() {
    Comparison comparison =
        of(
            Reports.likelihood("one", new Fingerprint.Source("a.txt", "0123456789"), 2),
            Reports.likelihood("two", new Fingerprint.Source("a.txt", "abcdefghij"), 3));
    List<List<String>> rows = comparison.tables().getFirst().rows();
    assertThat(rows).hasSize(4);
    assertThat(rows.get(0).get(0)).contains("text 01234567");
    assertThat(rows.get(0)).endsWith("2.00 ± 0.25", "–");
    assertThat(rows.get(2)).endsWith("–", "3.00 ± 0.25");
  }
}
