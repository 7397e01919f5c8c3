package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code anneal compare} as a user meets it. */
final class CompareTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void train() throws IOException {
    Files.writeString(folder.resolve("text.txt"), "abcdefgh ".repeat(100));
    Files.writeString(
        folder.resolve("study.yaml"),
        """
        name: two
        recipe:
          data: {train: [text.txt], valid: [text.txt]}
          model: {layers: 1, heads: 2, channels: 16, length: 16}
          noise: absorb
          training: {steps: 2, batch: 4, learning_rate: 1e-2, ema: 0, sequences_evaluated: 4}
        models:
          quenched: {model: {outputs: shifted}, hyperschedules: [quenched], objective: next-token}
          flat: {hyperschedules: [flat]}
        texts:
          - {name: text, files: [text.txt], sequences: 4}
        """);
    Ran.command("study", folder.resolve("study.yaml"), "--out", folder.resolve("out")).succeeds();
  }

  @Test
  void runsStandSideBySide() {
    Ran ran =
        Ran.command(
            "compare", folder.resolve("out/models/flat"), folder.resolve("out/models/quenched"));
    assertThat(ran.succeeds().out())
        .containsPattern("\\| setting +\\| flat +\\| quenched")
        .containsPattern("\\| objective +\\| epsilon-cross-entropy +\\| next-token")
        .containsPattern("\\| tokens seen +\\| 128 +\\| 120")
        .containsPattern("nats per token, flat +\\| \\d\\.\\d{1,4} ± \\d\\.\\d{1,4} +\\| – ")
        .doesNotContain("training.steps");
  }

  @Test
  void aStudyStandsForAllOfItsRunsAndReports() throws IOException {
    Path html = folder.resolve("page.html");
    JsonNode json =
        Ran.command("compare", folder.resolve("out"), "--json", "--html", html).succeeds().json();
    assertThat(json.path("columns").valueStream().map(JsonNode::asString))
        .containsExactly("flat", "quenched");
    assertThat(json.at("/trainings/flat/tokens").asLong()).isEqualTo(128);
    assertThat(json.at("/settings/objective/quenched").asString()).isEqualTo("next-token");
    assertThat(json.path("figures")).hasSize(2);
    assertThat(html).content().startsWith("<!DOCTYPE html>").contains("<svg");
  }

  @Test
  void oneReportIsEnoughForAPage() {
    Path report = folder.resolve("out/measurements/flat/text.flat");
    assertThat(Ran.command("compare", report).succeeds().out())
        .contains("text, estimate exact, hyperschedule flat");
  }

  @Test
  void anEvaluationsReportHasItsPageAndIsCompared() {
    Path report = folder.resolve("report");
    Ran.command(
            "evaluate",
            folder.resolve("text.txt"),
            "--model",
            folder.resolve("out/models/flat/model"),
            "--hyperschedule",
            "flat",
            "--report",
            report)
        .succeeds();
    assertThat(report.resolve("report.html"))
        .content()
        .contains("Exact bound, nats per token", "Loss by position", "Calibration");
    assertThat(Ran.command("compare", report).succeeds().out())
        .contains("hyperschedule flat, levels 16");
  }

  @Test
  void aFolderWithoutEitherIsRefused() {
    Ran.command("compare", folder).isRefused("nothing to compare", "expected a training run");
    Ran.command("compare", folder.resolve("absent")).isRefused("absent", "no such folder");
  }
}
