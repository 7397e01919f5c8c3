package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.evaluate.Estimate;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.ReportFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code anneal study} as a user meets it. */
final class StudyTest {
  private static final String STUDY =
      """
      name: two
      recipe:
        data: {train: [text.txt], valid: [text.txt]}
        model: {layers: 1, heads: 2, channels: 16, length: 16}
        noise: absorb
        training: {steps: 4, batch: 4, learning_rate: 1e-2, ema: 0, sequences_evaluated: 4}
      models:
        quenched: {hyperschedules: [quenched], objective: next-token}
        flat: {hyperschedules: [flat]}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeStudy() throws IOException {
    Files.writeString(folder.resolve("text.txt"), "abcdefgh ".repeat(100));
    write(STUDY);
  }

  private void write(String study) throws IOException {
    Files.writeString(folder.resolve("study.yaml"), study);
  }

  private Ran study() {
    return Ran.command("study", folder.resolve("study.yaml"), "--out", folder.resolve("out"));
  }

  private Path weights(String name) {
    return folder.resolve("out/models").resolve(name).resolve("model/model.safetensors");
  }

  @Test
  void everyModelIsTrainedAsItWouldBeAlone() throws IOException {
    assertThat(study().succeeds().err()).contains("model 1 of 2: quenched", "model 2 of 2: flat");
    Files.writeString(
        folder.resolve("flat.yaml"),
        Stream.concat(
                Stream.of("name: flat", "hyperschedules: [flat]"),
                STUDY.lines().skip(2).limit(4).map(String::strip))
            .reduce("", (a, b) -> a + b + "\n"));
    Ran.command("train", folder.resolve("flat.yaml"), "--run", folder.resolve("alone")).succeeds();
    assertThat(Files.mismatch(weights("flat"), folder.resolve("alone/model/model.safetensors")))
        .isEqualTo(-1);
  }

  @Test
  void startedAgainItTrainsOnlyWhatIsMissing() throws IOException {
    study().succeeds();
    byte[] trained = Files.readAllBytes(weights("flat"));
    var untouched = Files.getLastModifiedTime(weights("quenched"));
    Files.move(folder.resolve("out/models/flat"), folder.resolve("elsewhere"));
    assertThat(study().succeeds().err()).contains("model 2 of 2").doesNotContain("model 1 of 2");
    assertThat(weights("flat")).hasBinaryContent(trained);
    assertThat(Files.getLastModifiedTime(weights("quenched"))).isEqualTo(untouched);
  }

  @Test
  void aMistakeInTheLastModelIsFoundBeforeTheFirstIsTrained() throws IOException {
    write(STUDY.replace("[flat]}", "[flat], objective: next-token}"));
    study().isRefused("next-token");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void anotherRecipeInTheSameFolderIsRefused() throws IOException {
    study().succeeds();
    write(STUDY.replace("steps: 4", "steps: 5"));
    study().isRefused("out/models/quenched", "holds a run of another recipe", "training.steps 4");
  }

  private static final String MEASURED =
      STUDY
          + """
          judge: {hyperschedules: [quenched], objective: next-token}
          texts:
            - {name: text, files: [text.txt], sequences: 8, estimates: [exact, masked], draws: 2}
          sweep:
            samples: 20
            length: 12
            reference: {files: [text.txt], length: 8}
            lines:
              - {models: [flat], hyperschedule: flat, rates: [2, 4], samplers: [ancestral, acs]}
          """;

  private EvaluationReport report(String name) throws IOException {
    return ReportFile.read(folder.resolve("out/measurements").resolve(name));
  }

  private static Map<String, Double> values(EvaluationReport report) {
    var values = new HashMap<String, Double>();
    report
        .figures()
        .forEach(
            (name, figure) -> {
              if (figure instanceof Estimate estimate) {
                values.put(name, estimate.value());
              }
            });
    return values;
  }

  @Test
  void theModelsAreMeasuredAsTheyWouldBeAlone() throws IOException {
    write(MEASURED);
    study().succeeds();
    JsonNode alone =
        Ran.command(
                "evaluate",
                folder.resolve("text.txt"),
                "--model",
                folder.resolve("out/models/flat/model"),
                "--hyperschedule",
                "flat",
                "--sequences",
                "8",
                "--draws",
                "2",
                "--json")
            .succeeds()
            .json();
    assertThat(values(report("flat/text.flat")))
        .containsEntry("nats_per_token", alone.path("nats_per_token").asDouble());
    JsonNode written =
        Ran.command(
                "evaluate",
                "--generate",
                "20",
                "--length",
                "12",
                "--model",
                folder.resolve("out/models/flat/model"),
                "--hyperschedule",
                "flat",
                "--rate",
                "4",
                "--sampler",
                "acs",
                "--judge",
                folder.resolve("out/judge/model"),
                "--reference",
                folder.resolve("text.txt"),
                "--mauve-length",
                "8",
                "--json")
            .succeeds()
            .json();
    EvaluationReport swept =
        report("flat/texts.flat.rate-4.adaptive-correction-eta-0.1.temperature-1");
    assertThat(values(swept)).hasSizeGreaterThan(5);
    values(swept)
        .forEach(
            (figure, value) ->
                assertThat(value)
                    .as(figure)
                    .isEqualTo(written.path(figure).path("value").asDouble()));
    assertThat(swept.generation().orElseThrow().made().orElseThrow().calls()).isEqualTo(3);
  }

  @Test
  void peopleAreJudgedAsTheModelsAre() throws IOException {
    write(MEASURED);
    assertThat(study().succeeds().out()).contains("| people");
    EvaluationReport people = report("people/texts");
    assertThat(people.generation().orElseThrow().texts()).hasSize(20);
    assertThat(values(people))
        .containsKeys("judge_perplexity", "judge_perplexity_of_texts")
        .hasEntrySatisfying("unigram_entropy", is -> assertThat(is).isEqualTo(Math.log(8)))
        .hasEntrySatisfying("mauve", is -> assertThat(is).isGreaterThan(0.9));
  }

  @Test
  void startedAgainItMeasuresOnlyWhatIsMissingOrChanged() throws IOException {
    write(MEASURED);
    assertThat(study().succeeds().err()).contains("measurement 1 of 9", "measurement 9 of 9");
    assertThat(study().succeeds().err()).doesNotContain("measurement");
    write(MEASURED.replace("rates: [2, 4]", "rates: [2, 3, 4]").replace("draws: 2", "draws: 3"));
    assertThat(study().succeeds().err().lines().filter(line -> line.startsWith("measurement")))
        .hasSize(6)
        .first()
        .asString()
        .startsWith("measurement 1 of 11: quenched on text, quenched: nats per token");
  }

  @Test
  void measurementsThatCannotBeMadeAreRefusedBeforeTheTraining() throws IOException {
    write(MEASURED.replace("samples: 20", "samples: 19"));
    study().isRefused("sweep.samples 19", "at least 20");
    write(MEASURED.replace("files: [text.txt], sequences", "files: [texts.txt], sequences"));
    study().isRefused("texts.txt", "no such file for text text");
    write(MEASURED.replace("length: 12", "length: 17"));
    study().isRefused("sweep.length 17", "of flat", "at most 16");
    write(MEASURED.replace("ancestral, acs", "ancestrall"));
    study().isRefused("unknown sampler 'ancestrall'", "ancestral");
    write(MEASURED.replace("masked], draws", "masked], cleaner: ptp, draws"));
    study().isRefused("unknown cleaner 'ptp'");
    write(MEASURED.replace("judge: {hyperschedules: [quenched], objective: next-token}", ""));
    study().isRefused("sweep.reference without a judge");
    write(MEASURED.replace("noise: absorb", "noise: uniform").replace("objective: next-token", ""));
    study().isRefused("Uniform", "ancestral");
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
