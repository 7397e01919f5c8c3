package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code train --from} as a user meets it. */
final class TrainFromTest {
  private static final String RECIPE =
      """
      name: any
      data: {train: [text.txt], valid: [text.txt]}
      model: {layers: 1, heads: 2, channels: 16, length: 16}
      noise: absorb
      hyperschedules: [quenched]
      training: {steps: 8, batch: 4, learning_rate: 1e-2, ema: 0, sequences_evaluated: 4}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeRecipe() throws IOException {
    Files.writeString(folder.resolve("text.txt"), "abcdefgh ".repeat(100));
    Files.writeString(folder.resolve("recipe.yaml"), RECIPE);
  }

  /** What a command printed, and how it ended. */
  private record Result(int exitCode, String out, String err) {

    void isRefused(String... words) {
      assertThat(exitCode).as(err).isEqualTo(2);
      assertThat(out).isEmpty();
      assertThat(err.lines()).hasSize(1);
      assertThat(err).startsWith("anneal: ").contains(words);
    }

    double nats() {
      assertThat(exitCode).as(err).isZero();
      JsonNode report = JsonMapper.shared().readTree(out);
      return report.path("valid_nats").path("quenched").asDouble();
    }
  }

  private static Result train(String... arguments) {
    var all = new ArrayList<>(List.of("train", "--json"));
    all.addAll(List.of(arguments));
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Result(exitCode, out.toString(), err.toString());
  }

  private Result first() {
    return train(inFolder("recipe.yaml"), "--run", inFolder("first"));
  }

  private Result second(String from) {
    return train(inFolder("recipe.yaml"), "--run", inFolder("second"), "--from", from);
  }

  private String inFolder(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void aSecondRunGoesOnWhereTheFirstEndedAndNeedsItNoMore() throws IOException {
    double once = first().nats();
    double twice = second(inFolder("first/model")).nats();
    assertThat(twice).isLessThan(once - 0.1);
    assertThat(folder.resolve("second/model/README.md"))
        .content()
        .containsPattern("Started from `first/model` \\(SHA-256 of its weights: [0-9a-f]{64}\\)");
    Files.move(folder.resolve("first"), folder.resolve("elsewhere"));
    Files.move(folder.resolve("second/model"), folder.resolve("second/made"));
    assertThat(train("--resume", "--run", inFolder("second")).exitCode()).isZero();
    assertThat(
            Files.mismatch(
                folder.resolve("second/model/model.safetensors"),
                folder.resolve("second/made/model.safetensors")))
        .isEqualTo(-1);
  }

  @Test
  void aModelThatDoesNotFitIsRefusedAndNothingIsWritten() throws IOException {
    first().nats();
    Files.writeString(folder.resolve("recipe.yaml"), RECIPE.replace("layers: 1", "layers: 2"));
    second(inFolder("first/model"))
        .isRefused("8 missing", "[blocks.1.attention.norm]", "[blocks.1.feed_forward.up.bias]");
    second(inFolder("absent")).isRefused("absent", "no such model");
    second(folder.toString()).isRefused("model.safetensors");
    second("starter").isRefused("data.tokenizer is byte", "starter/tokenizer.json");
    assertThat(folder.resolve("second")).doesNotExist();
  }

  @Test
  void aRunIsEitherBegunFromAModelOrResumed() {
    train("--resume", "--run", inFolder("second"), "--from", "starter")
        .isRefused("--from starter with --resume");
  }
}
