package dev.anneal.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.model.Placement;
import dev.anneal.recipe.StudyModel;
import dev.anneal.recipe.StudyReader;
import dev.anneal.recipe.StudyRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlanTest {
  private static final Laboratory LABORATORY =
      new Laboratory(Placement.CPU, Path.of("nowhere"), "test");

  @ParameterizedTest
  @ValueSource(strings = {"results-small", "results", "results-seeds", "tinyshakespeare"})
  void theBundledStudiesCanBeMade(String name) throws IOException {
    StudyRecipe study = StudyReader.read(Path.of("recipes", name + ".yaml"));
    assertThat(study.name()).isEqualTo(name);
    Assumptions.assumeTrue(
        study.texts().stream().flatMap(text -> text.files().stream()).allMatch(Files::exists),
        "../shared is missing: skipped");
    var plan = new Plan(study, LABORATORY);
    for (StudyModel model : study.models()) {
      List<String> folders =
          plan.of(model, Optional.empty()).stream().map(Measurement::folder).toList();
      assertThat(folders)
          .isNotEmpty()
          .doesNotHaveDuplicates()
          .allMatch(folder -> folder.startsWith(model.name() + "/"));
    }
  }

  @Test
  void everyRateSamplerAndTemperatureOfALineIsMeasured() throws IOException {
    StudyRecipe study =
        StudyReader.parse(
            """
            name: one
            recipe:
              data: {train: [a.txt]}
              model: {layers: 1, heads: 1, channels: 2, length: 8}
              noise: absorb
              hyperschedules: [flat]
              training: {steps: 1, batch: 1, learning_rate: 1}
            models: {one: {}}
            sweep:
              samples: 3
              length: 8
              lines:
                - {models: [one], hyperschedule: flat, rates: [1, 2], samplers: [ancestral, acs], temperatures: [0.5, 1]}
            """,
            "one");
    assertThat(new Plan(study, LABORATORY).of(study.models().getFirst(), Optional.empty()))
        .extracting(Measurement::described)
        .containsExactly(
            "one writes: flat, rate 1, ancestral, temperature 0.5",
            "one writes: flat, rate 1, ancestral, temperature 1",
            "one writes: flat, rate 1, adaptive-correction, eta 0.1, temperature 0.5",
            "one writes: flat, rate 1, adaptive-correction, eta 0.1, temperature 1",
            "one writes: flat, rate 2, ancestral, temperature 0.5",
            "one writes: flat, rate 2, ancestral, temperature 1",
            "one writes: flat, rate 2, adaptive-correction, eta 0.1, temperature 0.5",
            "one writes: flat, rate 2, adaptive-correction, eta 0.1, temperature 1");
  }
}
