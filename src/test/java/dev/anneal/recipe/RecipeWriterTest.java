package dev.anneal.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeWriterTest {

  private static Recipe recipe(String tokenizer, Optional<SamplesRecipe> samples, Path... train) {
    return new Recipe(
        "3e-4",
        new DataRecipe(List.of(train), List.of(), tokenizer, Split.BLANK_LINE, "true"),
        new ModelRecipe(
            2,
            4,
            64,
            128,
            new Choice("transformer", Map.of("conditioning", Map.of("width", 32, "gamma", 1e-9))),
            new Choice("block-causal", Map.of("width", 16)),
            ModelRecipe.Outputs.SHIFTED,
            ModelRecipe.Precision.BFLOAT16),
        Optional.of(
            new BaseRecipe(
                train[0].resolveSibling("gpt 2"), Optional.of("0123456789abcdef".repeat(4)))),
        new Choice("epsilon-hybrid", Map.of("epsilon", 1e-9)),
        new Choice("log-linear", Map.of("floor", 5e-3)),
        List.of(
            new HyperscheduleRecipe(new Choice("block", Map.of("width", 16, "levels", 8)), 0.5),
            new HyperscheduleRecipe(Choice.of("flat"), 1)),
        new Choice("epsilon-cross-entropy", Map.of("lambda", 0.25, "ceiling", 1e12)),
        new TrainingRecipe(
            1000,
            16,
            4,
            3e-4,
            1e-7,
            9,
            0.2,
            0.8,
            0.99,
            2,
            0,
            0.25,
            TrainingRecipe.Streams.ONE,
            Long.MIN_VALUE,
            7,
            8,
            9,
            10,
            List.of("noise.*", "*.modulation.*")),
        samples);
  }

  private static SamplesRecipe samples(String prompt) {
    return new SamplesRecipe(
        100, 2, 64, prompt, Choice.of("flat"), new Choice("acs", Map.of("eta", 1.0)), 0.7);
  }

  @Test
  void aWrittenRecipeReadsBackEqual() throws IOException {
    for (String prompt :
        List.of("", "It was: a # 'line'\n\ttwo \"é\" \\ ", "null", " 12 ", "- ~")) {
      Recipe recipe = recipe("gpt2", Optional.of(samples(prompt)), Path.of("a b.txt"));
      assertThat(RecipeReader.parse(RecipeWriter.text(recipe), "written")).isEqualTo(recipe);
    }
  }

  @Test
  void sectionsThatAreAbsentStayAbsent() throws IOException {
    Recipe recipe = recipe("byte", Optional.empty(), Path.of("a.txt"));
    assertThat(RecipeWriter.text(recipe)).doesNotContain("samples");
    assertThat(RecipeReader.parse(RecipeWriter.text(recipe), "written")).isEqualTo(recipe);
  }

  @Test
  void aFileMovesTogetherWithItsData(@TempDir Path folder) throws IOException {
    Path here = Files.createDirectories(folder.resolve("here/runs"));
    Path there = Files.createDirectories(folder.resolve("there/runs"));
    Recipe recipe =
        recipe(
            folder.resolve("here/t.json").toString(),
            Optional.empty(),
            folder.resolve("here/a.txt"));
    RecipeWriter.write(recipe, here.resolve("recipe.yaml"));
    assertThat(RecipeReader.read(here.resolve("recipe.yaml"))).isEqualTo(recipe);
    Files.move(here.resolve("recipe.yaml"), there.resolve("recipe.yaml"));
    Recipe moved = RecipeReader.read(there.resolve("recipe.yaml"));
    assertThat(moved.data().train()).containsExactly(folder.resolve("there/a.txt"));
    assertThat(moved.from().orElseThrow().model()).isEqualTo(folder.resolve("there/gpt 2"));
  }
}
