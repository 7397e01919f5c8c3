package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    Files.writeString(inFolder("text.txt"), "abcdefgh ".repeat(100));
    Files.writeString(inFolder("recipe.yaml"), RECIPE);
  }

  private static Ran train(Object... arguments) {
    Object[] all = Stream.concat(Stream.of("train", "--json"), Stream.of(arguments)).toArray();
    return Ran.command(all);
  }

  private static double nats(Ran ran) {
    return ran.succeeds().json().path("valid_nats").path("quenched").asDouble();
  }

  private Ran first() {
    return train(inFolder("recipe.yaml"), "--run", inFolder("first"));
  }

  private Ran second(Object from) {
    return train(inFolder("recipe.yaml"), "--run", inFolder("second"), "--from", from);
  }

  private Path inFolder(String name) {
    return folder.resolve(name);
  }

  @Test
  void aSecondRunGoesOnWhereTheFirstEndedAndNeedsItNoMore() throws IOException {
    double once = nats(first());
    double twice = nats(second(inFolder("first/model")));
    assertThat(twice).isLessThan(once - 0.1);
    assertThat(inFolder("second/model/README.md"))
        .content()
        .containsPattern("Started from `first/model` \\(SHA-256 of its weights: [0-9a-f]{64}\\)");
    Files.move(inFolder("first"), inFolder("elsewhere"));
    Files.move(inFolder("second/model"), inFolder("second/made"));
    train("--resume", "--run", inFolder("second")).succeeds();
    assertThat(
            Files.mismatch(
                inFolder("second/model/model.safetensors"),
                inFolder("second/made/model.safetensors")))
        .isEqualTo(-1);
  }

  @Test
  void aModelThatDoesNotFitIsRefusedAndNothingIsWritten() throws IOException {
    first().succeeds();
    Files.writeString(inFolder("recipe.yaml"), RECIPE.replace("layers: 1", "layers: 2"));
    second(inFolder("first/model"))
        .isRefused("8 missing", "[blocks.1.attention.norm]", "[blocks.1.feed_forward.up.bias]");
    second(inFolder("absent")).isRefused("absent", "no such model");
    second(folder).isRefused("model.safetensors");
    second("starter").isRefused("data.tokenizer is byte", "starter/tokenizer.json");
    assertThat(inFolder("second")).doesNotExist();
  }

  @Test
  void aRunIsEitherBegunFromAModelOrResumed() {
    train("--resume", "--run", inFolder("second"), "--from", "starter")
        .isRefused("--from starter with --resume");
  }
}
