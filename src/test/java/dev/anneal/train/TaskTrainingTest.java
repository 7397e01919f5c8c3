package dev.anneal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.data.DigitTokenizer;
import dev.anneal.data.Progress;
import dev.anneal.model.Placement;
import dev.anneal.recipe.Recipe;
import dev.anneal.recipe.RecipeReader;
import dev.anneal.recipe.RecipeWriter;
import dev.anneal.store.Model;
import dev.anneal.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on a task instead of texts. */
final class TaskTrainingTest {
  private static final String RECIPE =
      """
      name: tiny
      data: {task: {name: sudoku, givens: 70}, tokenizer: digits}
      model: {layers: 1, heads: 2, channels: 16, length: 81, network: gpt}
      noise: {name: epsilon-hybrid, epsilon: 0.1}
      hyperschedules: [quenched, flat]
      training: {steps: 4, batch: 6, micro_batches: 2, learning_rate: 1e-2}
      """;

  @TempDir private Path temporary;

  private Ingredients gather(String recipe) throws IOException {
    Recipe read = RecipeReader.parse(recipe, "tiny.yaml");
    return Ingredients.gather(read, temporary.resolve("tokens"), Progress.silent());
  }

  @Test
  void onlyWhatIsNotGivenIsLearned() throws IOException {
    Ingredients ingredients = gather(RECIPE);
    var folder = new RunFolder(temporary.resolve("run"));
    folder.begin(ingredients.recipe());
    var updates = new ArrayList<TrainEvent>();
    new TrainingRun(
            ingredients, folder, Placement.CPU, updates::add, () -> false, Collective.alone())
        .run();
    assertThat(updates)
        .filteredOn(TrainEvent.Updated.class::isInstance)
        .hasSize(4)
        .allSatisfy(
            event ->
                assertThat(((TrainEvent.Updated) event).update().tokens())
                    .isEqualTo(6 * (81 - 70)));
    try (Model model = Model.load(folder.model(), Device.CPU)) {
      assertThat(model.tokenizer()).isEqualTo(new DigitTokenizer());
    }
    assertThat(folder.model().resolve("README.md")).content().contains("Task: sudoku {givens=70}");
  }

  @Test
  void everyExampleOfARunIsAnotherAndAlwaysTheSame() throws IOException {
    assertThat(tokens(gather(RECIPE), 50)).isEqualTo(tokens(gather(RECIPE), 50));
    assertThat(tokens(gather(RECIPE), 50)).doesNotHaveDuplicates();
  }

  private static List<List<Integer>> tokens(Ingredients ingredients, int count) {
    return LongStream.range(0, count)
        .mapToObj(k -> ingredients.text().training().sequence(k))
        .map(example -> Arrays.stream(example.tokens()).boxed().toList())
        .toList();
  }

  @Test
  void aTaskIsWrittenAsItIsRead() throws IOException {
    Recipe recipe = RecipeReader.parse(RECIPE, "tiny.yaml");
    Path file = temporary.resolve("tiny.yaml");
    RecipeWriter.write(recipe, file);
    assertThat(RecipeReader.read(file).data()).isEqualTo(recipe.data());
  }

  @Test
  void aModelThatCannotLearnTheTaskIsRefused() {
    assertRefused(
        "tokenizer: digits", "tokenizer: byte", "data.tokenizer is byte; expected digits");
    assertRefused("length: 81", "length: 80", "expected 81, as sudoku has");
    assertRefused("network: gpt", "network: gpt, outputs: shifted", "gaps");
    assertRefused("givens: 70", "givens: 90", "expected 24 … 80");
    assertRefused(
        "name: sudoku", "name: sudoko", "unknown task 'sudoko'; the nearest known one is 'sudoku'");
    assertRefused("data: {", "data: {train: [a.txt], ", "expected no files beside a task");
    assertRefused("task: {name: sudoku, givens: 70}, ", "", "data.train is []");
  }

  private void assertRefused(String part, String other, String message) {
    assertThat(RECIPE).contains(part);
    assertThatThrownBy(() -> gather(RECIPE.replace(part, other))).hasMessageContaining(message);
  }
}
