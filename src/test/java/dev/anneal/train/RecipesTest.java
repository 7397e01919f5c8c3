package dev.anneal.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.data.Progress;
import dev.anneal.model.Placement;
import dev.anneal.recipe.Recipe;
import dev.anneal.recipe.RecipeReader;
import dev.anneal.store.Model;
import dev.anneal.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The recipes that come with Anneal, each as it is, and made small enough to be run. */
final class RecipesTest {
  private static final Path FOLDER = Path.of("recipes");
  private static final Path TEXT = Path.of("data/novels-valid.txt.gz").toAbsolutePath();
  private static final YAMLMapper YAML = new YAMLMapper();

  @TempDir private static Path temporary;

  static List<Path> recipes() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files.filter(file -> !isStudy(file)).sorted().toList();
    }
  }

  private static boolean isStudy(Path file) {
    return YAML.readTree(file.toFile()).has("models");
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void itReadsAndItsTextIsThere(Path file) throws IOException {
    Recipe recipe = RecipeReader.read(file);
    assertThat(file).hasFileName(recipe.name() + ".yaml");
    Path bundled = TEXT.getParent();
    assertThat(Stream.of(recipe.data().train(), recipe.data().valid()).flatMap(List::stream))
        .filteredOn(text -> text.startsWith(bundled))
        .allMatch(Files::exists);
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void itLearnsMeasuresAndDraws(Path file) throws IOException {
    Recipe recipe = small(file);
    Ingredients ingredients =
        Ingredients.gather(recipe, temporary.resolve("tokens"), Progress.silent());
    var folder = new RunFolder(temporary.resolve(recipe.name()));
    folder.begin(recipe);
    var events = new ArrayList<TrainEvent>();
    new TrainingRun(
            ingredients, folder, Placement.CPU, events::add, () -> false, Collective.alone())
        .run();
    assertThat(events).hasAtLeastOneElementOfType(TrainEvent.Updated.class);
    if (recipe.data().task().isEmpty()) {
      assertThat(events)
          .hasAtLeastOneElementOfType(TrainEvent.Evaluated.class)
          .hasAtLeastOneElementOfType(TrainEvent.Sampled.class);
    }
    try (Model model = Model.load(folder.model(), Device.CPU)) {
      assertThat(model.config()).isEqualTo(ingredients.config());
    }
  }

  /** One step of the recipe on the bundled text or its task, with a network of the same kind. */
  private static Recipe small(Path file) throws IOException {
    JsonNode recipe = YAML.readTree(file.toFile());
    set(recipe, "model", "{layers: 1, heads: 2, channels: 16}");
    set(
        recipe,
        "training",
        "{steps: 1, batch: 2, micro_batches: 1, warm_up: 0, sequences_evaluated: 2}");
    if (!recipe.path("data").has("task")) {
      String text = "['" + TEXT + "']";
      set(recipe, "data", "{train: %s, valid: %s, tokenizer: byte}".formatted(text, text));
      set(recipe, "model", "{length: 40}");
      set(recipe, "samples", "{every: 1, length: 32}");
    }
    return RecipeReader.parse(YAML.writeValueAsString(recipe), file.toString());
  }

  /** Sets some keys of a section. */
  private static void set(JsonNode recipe, String section, String values) {
    ((ObjectNode) recipe.path(section)).setAll((ObjectNode) YAML.readTree(values));
  }
}
