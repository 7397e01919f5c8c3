package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
