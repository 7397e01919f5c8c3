package dev.anneal.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.evaluate.Absent;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.model.Placement;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.recipe.Choice;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.store.Model;
import dev.anneal.store.TinyModel;
import dev.anneal.study.WritingMeasurement.Way;
import dev.anneal.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WritingMeasurementTest {
  @TempDir private Path folder;

  private static Way way(Choice sampler) {
    return new Way(7, 12, Choice.of("block").with("width", 4), 2, sampler, 0.8);
  }

  private Optional<EvaluationReport> measured(int batch, boolean stopped) throws IOException {
    Path saved = folder.resolve("model");
    if (!saved.toFile().exists()) {
      TinyModel.save(saved, 16, new Noise(new EpsilonHybrid(0.1), new Linear()));
    }
    var laboratory = new Laboratory(Placement.CPU, folder.resolve("tokens"), "test");
    var measurement =
        new WritingMeasurement(
            "tiny", way(Choice.of("acs").with("eta", 0.5)), batch, Optional.empty(), laboratory);
    try (Model model = Model.load(saved, Device.CPU)) {
      return measurement.measure(model, Subject.of("tiny", saved), () -> stopped);
    }
  }

  @Test
  void whatIsWrittenTogetherDoesNotChangeAFigure() throws IOException {
    EvaluationReport together = measured(7, false).orElseThrow();
    EvaluationReport apart = measured(2, false).orElseThrow();
    assertThat(together.generation().orElseThrow().texts()).hasSize(7);
    assertThat(apart.figures()).isEqualTo(together.figures());
    assertThat(apart.generation()).isEqualTo(together.generation());
    assertThat(apart.choices()).isEqualTo(together.choices());
    assertThat(together.figures()).containsEntry("judge_perplexity", new Absent("no judge"));
  }

  @Test
  void itIsGivenUpWhenAsked() throws IOException {
    assertThat(measured(7, true)).isEmpty();
  }

  @Test
  void aSamplerThatCannotUndoTheNoiseIsRefused() {
    var noise = new Noise(new GammaHybrid(0.1), new LogLinear(0.005));
    assertThatThrownBy(() -> way(Choice.of("first-hitting")).requireFit(noise))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("first-hitting");
    assertThatThrownBy(() -> way(Choice.of("acs").with("eta", 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("eta");
  }
}
