package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.evaluate.Calibration.Bin;
import dev.anneal.evaluate.GenerationDetails.Made;
import dev.anneal.evaluate.GenerationDetails.TextValues;
import dev.anneal.evaluate.LikelihoodDetails.DocumentLoss;
import dev.anneal.evaluate.LikelihoodDetails.PositionLoss;
import dev.anneal.evaluate.LikelihoodDetails.Unit;
import dev.anneal.store.RefusedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The layout of report.json, which other programs read. */
final class ReportFileTest {
  @TempDir private Path folder;

  private static EvaluationReport report() {
    var choices = new LinkedHashMap<String, String>();
    choices.put("estimate", "masked");
    choices.put("draws", "16");
    var figures = new LinkedHashMap<String, Figure>();
    figures.put("nats_per_token", new Estimate(1.0 / 3, OptionalDouble.of(0.02), 2));
    figures.put("mauve", new Absent("no judge"));
    return new EvaluationReport(
        EvaluationReport.FORMAT,
        new Fingerprint(
            "0.1.0",
            Fingerprint.NO_PROTOCOL,
            7,
            Optional.of(new Fingerprint.Source("starter", "abc")),
            Optional.empty(),
            Optional.of(new Fingerprint.Source("a.txt", "def")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        choices,
        figures,
        Optional.of(
            new LikelihoodDetails(
                Unit.DOCUMENTS,
                3,
                new TextSize(12, 40, 41),
                List.of(new PositionLoss(0, 2.5, 3), new PositionLoss(1, 1.5, 3)),
                List.of(new DocumentLoss(0, 4.25, new TextSize(12, 40, 41))),
                new Calibration(
                    List.of(new Bin(0, 0.5, 2, 0.3, 0.5), new Bin(0.5, 1, 6, 0.9, 0.5))))),
        Optional.of(
            new GenerationDetails(
                Optional.of(
                    new Made(
                        128,
                        "block, width 8, levels 4",
                        64,
                        2,
                        "adaptive-correction",
                        new LinkedHashMap<>(Map.of("eta", 0.25)),
                        1,
                        0.9,
                        0)),
                List.of(new TextValues(128, OptionalDouble.of(4.5), OptionalDouble.empty())))),
        new Timing(Instant.parse("2026-01-02T03:04:05Z"), 1.5, 0));
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    ReportFile.write(folder.resolve("a/b"), report());
    assertThat(ReportFile.read(folder.resolve("a/b"))).isEqualTo(report());
  }

  @Test
  void theNamesInTheFileStay() throws IOException {
    ReportFile.write(folder, report());
    JsonNode root = JsonMapper.shared().readTree(Files.readString(folder.resolve("report.json")));
    assertThat(root.propertyNames())
        .containsExactly(
            "format", "fingerprint", "choices", "figures", "likelihood", "generation", "timing");
    assertThat(root.at("/fingerprint/model/digest").asString()).isEqualTo("abc");
    assertThat(root.path("fingerprint").propertyNames())
        .containsExactly("version", "protocol", "seed", "model", "data");
    assertThat(root.path("choices").propertyNames()).containsExactly("estimate", "draws");
    assertThat(root.at("/figures/nats_per_token/standard_error").asDouble()).isEqualTo(0.02);
    assertThat(root.at("/figures/mauve").toString()).isEqualTo("{\"absent\":\"no judge\"}");
    assertThat(root.at("/likelihood/error_over").asString()).isEqualTo("documents");
    assertThat(root.at("/likelihood/positions/1/nats").asDouble()).isEqualTo(1.5);
    assertThat(root.at("/likelihood/documents/0/size/characters").asInt()).isEqualTo(40);
    assertThat(root.at("/likelihood/calibration/bins/1/right").asDouble()).isEqualTo(0.5);
    assertThat(root.at("/generation/made/settings/eta").asDouble()).isEqualTo(0.25);
    assertThat(root.at("/generation/texts/0").propertyNames())
        .containsExactly("tokens", "unigram_entropy");
    assertThat(root.at("/timing/started").asString()).isEqualTo("2026-01-02T03:04:05Z");
  }

  @Test
  void theCalibrationErrorIsTheMeanDistanceOverTheGuesses() {
    var bins = report().likelihood().orElseThrow().calibration();
    assertThat(bins.error()).isEqualTo((2 * 0.2 + 6 * 0.4) / 8);
  }

  @Test
  void whatIsNoReportIsRefused() throws IOException {
    assertThatThrownBy(() -> ReportFile.read(folder))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("report.json");
    for (String content : List.of("{}", "[", "{\"format\": \"anneal-report-0\"}")) {
      Files.writeString(folder.resolve("report.json"), content);
      assertThatThrownBy(() -> ReportFile.read(folder))
          .isInstanceOf(RefusedFileException.class)
          .hasMessageContaining("report.json");
    }
  }
}
