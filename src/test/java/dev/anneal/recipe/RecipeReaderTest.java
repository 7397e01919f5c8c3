package dev.anneal.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeReaderTest {

  private static final String SMALLEST =
      """
      name: tiny
      data:
        train: [novel.txt]
      model: {layers: 2, heads: 4, channels: 64, length: 128}
      noise: {name: epsilon-hybrid, epsilon: 0.01}
      hyperschedules:
        - {name: block, width: 16, levels: 8, weight: 0.5}
        - flat
      training:
        steps: 1000
        batch: 16
        learning_rate: 3e-4
      """;

  private static Recipe read(String text) throws IOException {
    return RecipeReader.parse(text, "tiny.yaml");
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(MalformedRecipeException.class)
        .hasMessage(message);
  }

  @Test
  void theSmallestRecipeGetsTheDefaults() throws IOException {
    assertThat(read(SMALLEST))
        .isEqualTo(
            new Recipe(
                "tiny",
                new DataRecipe(
                    List.of(Path.of("novel.txt")), List.of(), "byte", Split.FILE, "text"),
                new ModelRecipe(
                    2,
                    4,
                    64,
                    128,
                    Choice.of("transformer"),
                    Choice.of("causal"),
                    ModelRecipe.Outputs.ALIGNED,
                    ModelRecipe.Precision.FLOAT32),
                Optional.empty(),
                new Choice("epsilon-hybrid", Map.of("epsilon", 0.01)),
                Choice.of("linear"),
                List.of(
                    new HyperscheduleRecipe(
                        new Choice("block", Map.of("width", 16, "levels", 8)), 0.5),
                    new HyperscheduleRecipe(Choice.of("flat"), 1)),
                Choice.of("epsilon-cross-entropy"),
                new TrainingRecipe(
                    1000,
                    16,
                    1,
                    3e-4,
                    0,
                    0,
                    0.1,
                    0.9,
                    0.95,
                    1,
                    0.999,
                    0,
                    TrainingRecipe.Streams.TWO,
                    1,
                    500,
                    500,
                    10,
                    64,
                    List.of()),
                Optional.empty()));
  }

  @Test
  void everySectionCanBeSet() throws IOException {
    Recipe recipe =
        read(
            SMALLEST.replace("[novel.txt]", "[a.txt, b.jsonl]\n  split: blank-line\n  field: body")
                + "  seed: -7\n  ema: 0\n  new_tensors: [output.weight, 'noise.*']\n"
                + "from: {model: starter}\n"
                + "objective: {name: epsilon-cross-entropy, lambda: 0, ceiling: 1e3}\n"
                + "samples: {every: 100, length: 64, prompt: It was, temperature: 0.5,"
                + " hyperschedule: {name: slide, width: 8, levels: 4}}\n");
    assertThat(recipe.data().train()).containsExactly(Path.of("a.txt"), Path.of("b.jsonl"));
    assertThat(recipe.data().split()).isEqualTo(Split.BLANK_LINE);
    assertThat(recipe.data().field()).isEqualTo("body");
    assertThat(recipe.training().seed()).isEqualTo(-7);
    assertThat(recipe.training().ema()).isZero();
    assertThat(recipe.training().newTensors()).containsExactly("output.weight", "noise.*");
    assertThat(recipe.from()).contains(new BaseRecipe(Path.of("starter"), Optional.empty()));
    assertThat(recipe.objective())
        .isEqualTo(new Choice("epsilon-cross-entropy", Map.of("lambda", 0L, "ceiling", 1000.0)));
    assertThat(recipe.samples())
        .contains(
            new SamplesRecipe(
                100,
                1,
                64,
                "It was",
                new Choice("slide", Map.of("width", 8, "levels", 4)),
                Choice.of("ancestral"),
                0.5));
  }

  @Test
  void anUnknownKeyIsAnsweredWithFileLinePathAndTheNearest() {
    assertRefused(
        SMALLEST.replace("learning_rate", "lerning_rate"),
        "tiny.yaml:12: unknown key 'training.lerning_rate';"
            + " the nearest known one is 'learning_rate'");
    assertRefused(
        SMALLEST.replace("noise:", "nose:"),
        "tiny.yaml:5: unknown key 'nose'; the nearest known one is 'noise'");
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    assertRefused(
        SMALLEST + "  steps: 2000\n", "tiny.yaml:13: 'training.steps' stands here a second time");
  }

  @Test
  void allMissingKeysOfASectionAreListed() {
    assertRefused(
        SMALLEST.replace("  steps: 1000\n", "").replace("  batch: 16\n", ""),
        "tiny.yaml:9: missing 'training.steps', 'training.batch'");
    assertRefused(
        "name: tiny\n",
        "tiny.yaml:1: missing 'data', 'model', 'noise', 'hyperschedules', 'training'");
    assertRefused(
        "", "tiny.yaml:1: missing 'name', 'data', 'model', 'noise', 'hyperschedules', 'training'");
    assertRefused(
        SMALLEST.replace("name: epsilon-hybrid, ", ""), "tiny.yaml:5: missing 'noise.name'");
    assertRefused(
        SMALLEST.replace("name: block, ", ""), "tiny.yaml:7: missing 'hyperschedules[0].name'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "steps: 1000   | steps: many     | 10: training.steps is 'many'; expected a whole number",
        "steps: 1000   | steps: 1000.5   | 10: training.steps is '1000.5'; expected a whole number",
        "steps: 1000   | steps: 3e9      | 10: training.steps is '3e9'; expected a whole number",
        "steps: 1000   | steps:          | 10: training.steps is empty; expected a whole number",
        "steps: 1000   | steps: [1]      | 10: training.steps is a list; expected a whole number",
        "batch: 16     | batch: true     | 11: training.batch is 'true'; expected a whole number",
        "3e-4          | fast            | 12: training.learning_rate is 'fast'; expected a number",
        "[novel.txt]   | novel.txt       | 3: data.train is 'novel.txt'; expected a list",
        "epsilon-hybrid| {name: x}       | 5: noise.name is keys and values; expected a name",
        "epsilon-hybrid| ' '             | 5: noise.name is empty; expected a name",
        "- flat        | - [flat]        | 8: hyperschedules[1] is a list; expected keys and values",
        "[novel.txt]   | [{a: 1}]        | 3: data.train[0] is keys and values; expected a path",
        "weight: 0.5   | weight: heavy   | 7: hyperschedules[0].weight is 'heavy'; expected a number",
        "width: 16     | width: [16]     | 7: hyperschedules[0].width is a list; expected a number, a text, true or false",
      })
  void anIllTypedValueIsRefusedWithPathAndExpectation(String old, String wrong, String message) {
    assertRefused(SMALLEST.replace(old, wrong), "tiny.yaml:" + message);
  }

  @Test
  void aWordThatIsNoneOfAFewIsAnsweredWithAllOfThem() {
    assertRefused(
        SMALLEST.replace("[novel.txt]", "[novel.txt]\n  split: paragraph"),
        "tiny.yaml:4: data.split is 'paragraph'; expected one of file, line, blank-line");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: tiny   | name: ../up   | 1: name is '../up'; expected a letter or digit, then letters, digits, '.', '_' or '-'",
        "[novel.txt]  | []            | 3: data.train is []; expected at least one file",
        "layers: 2    | layers: 0     | 4: model.layers is 0; expected at least 1",
        "heads: 4     | heads: 3      | 4: model.heads is 3; expected a divisor of channels, 64",
        "weight: 0.5  | weight: 0     | 7: hyperschedules[0].weight is 0.0; expected more than 0",
        "steps: 1000  | steps: 0      | 10: training.steps is 0; expected at least 1",
        "batch: 16    | batch: -1     | 11: training.batch is -1; expected at least 1",
        "3e-4         | -3e-4         | 12: training.learning_rate is -3.0E-4; expected more than 0",
      })
  void aValueOutOfRangeIsRefusedOnItsLine(String old, String wrong, String message) {
    assertRefused(SMALLEST.replace(old, wrong), "tiny.yaml:" + message);
  }

  @Test
  void settingsThatDoNotGoTogetherAreRefused() {
    assertRefused(
        SMALLEST + "  micro_batches: 5\n",
        "tiny.yaml:13: training.micro_batches is 5; expected a divisor of batch, 16");
    assertRefused(
        SMALLEST + "  warm_up: 1001\n",
        "tiny.yaml:13: training.warm_up is 1001; expected at most steps, 1000");
    assertRefused(
        SMALLEST + "samples:\n  every: 10\n  length: 129\n  hyperschedule: flat\n",
        "tiny.yaml:15: samples.length is 129; expected at most model.length, 128");
  }

  @Test
  void whatIsNotOneYamlDocumentIsRefused() {
    assertThatThrownBy(() -> read("name: [tiny\nnoise: {"))
        .isInstanceOf(MalformedRecipeException.class)
        .hasMessageMatching("tiny\\.yaml:2: not YAML: .+");
    assertRefused("- a list", "tiny.yaml:1: the recipe is a list; expected keys and values");
    assertThatThrownBy(() -> read(SMALLEST + "---\nname: other\n"))
        .hasMessageContaining("a second document");
    assertThatThrownBy(() -> read("name: &n tiny\nnoise: *n\n"))
        .hasMessageContaining("tiny.yaml:2: noise is an alias");
  }

  @Test
  void pathsAreRelativeToTheRecipesFolder(@TempDir Path folder) throws IOException {
    Path file = Files.createDirectory(folder.resolve("recipes")).resolve("tiny.yaml");
    String text =
        SMALLEST.replace("[novel.txt]", "[../novel.txt, /far/b.txt]\n  tokenizer: t.json");
    Files.writeString(file, text);
    DataRecipe data = RecipeReader.read(file).data();
    assertThat(data.train()).containsExactly(folder.resolve("novel.txt"), Path.of("/far/b.txt"));
    assertThat(data.tokenizer()).isEqualTo(folder.resolve("recipes/t.json").toString());
  }

  @Test
  void aFileThatCannotBeReadIsNamed(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("absent.yaml");
    assertThatThrownBy(() -> RecipeReader.read(missing))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(missing.toString());
    Path binary = folder.resolve("binary.yaml");
    Files.write(binary, "nämé".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> RecipeReader.read(binary))
        .isInstanceOf(MalformedRecipeException.class)
        .hasMessage(binary + ": not UTF-8 text");
  }
}
