package dev.anneal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.attention.CausalContext;
import dev.anneal.data.Progress;
import dev.anneal.data.Tokenizers;
import dev.anneal.model.Architecture;
import dev.anneal.model.GptShape;
import dev.anneal.model.Parameters;
import dev.anneal.model.Placement;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Noise;
import dev.anneal.recipe.BaseRecipe;
import dev.anneal.recipe.Recipe;
import dev.anneal.recipe.RecipeReader;
import dev.anneal.schedule.Linear;
import dev.anneal.store.ElementType;
import dev.anneal.store.Model;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.RefusedFileException;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BaseModelTest {
  private static final String RECIPE =
      """
      name: further
      data: {train: [text.txt]}
      model: {layers: 1, heads: 2, channels: 16, length: 16}
      noise: absorb
      hyperschedules: [quenched]
      training: {steps: 6, batch: 4, learning_rate: 1e-2, save_every: 3}
      """;

  private static final TransformerShape SHAPE = new TransformerShape(257, 1, 2, 16, 16);

  @TempDir private Path temporary;

  @BeforeEach
  void writeText() throws IOException {
    Files.writeString(temporary.resolve("text.txt"), "abcdefgh ".repeat(200));
  }

  /** A model with other random weights than a run of the recipe begins with. */
  private Path model(Architecture shape, String tokenizer) throws IOException {
    Path folder = temporary.resolve("base");
    var noise = new Noise(new Absorb(), new Linear());
    try (Parameters weights = Parameters.initial(shape, new Rng(9))) {
      Model.save(
          folder,
          new ModelConfig(shape, new CausalContext(), noise),
          Tokenizers.named(tokenizer),
          new Model.Weights(weights, ElementType.F32),
          "# base\n");
    }
    return folder;
  }

  private Recipe recipe(String text, Path base) throws IOException {
    Path file = Files.writeString(temporary.resolve("recipe.yaml"), text);
    return BaseModel.identified(
        RecipeReader.read(file).startedFrom(new BaseRecipe(base, Optional.empty())));
  }

  private Ingredients gathered(Recipe recipe) throws IOException {
    return Ingredients.gather(recipe, temporary.resolve("tokens"), Progress.silent());
  }

  private ThrowingCallable fitting(String recipe, Path base) throws IOException {
    Ingredients ingredients = gathered(recipe(recipe, base));
    return () -> BaseModel.requireFit(ingredients);
  }

  private static Map<String, List<Double>> numbers(Parameters parameters) {
    var numbers = new TreeMap<String, List<Double>>();
    parameters
        .all()
        .forEach(
            (name, tensor) ->
                numbers.put(name, Arrays.stream(tensor.toDoubles()).boxed().toList()));
    return numbers;
  }

  private static Map<String, List<Double>> initial(Architecture shape, long seed) {
    try (Parameters weights = Parameters.initial(shape, new Rng(seed))) {
      return numbers(weights);
    }
  }

  private static Map<String, List<Double>> firstWeights(Ingredients ingredients)
      throws IOException {
    try (Parameters weights = BaseModel.of(ingredients).orElseThrow().weights(new Rng(1))) {
      return numbers(weights);
    }
  }

  @Test
  void theFirstWeightsAreTheModels() throws IOException {
    Ingredients ingredients = gathered(recipe(RECIPE, model(SHAPE, "byte")));
    BaseModel.requireFit(ingredients);
    assertThat(firstWeights(ingredients)).isEqualTo(initial(SHAPE, 9));
  }

  @Test
  void whatTheRecipeCallsNewBeginsAsInARunFromNothing() throws IOException {
    String told =
        RECIPE
            .replace(
                "length: 16", "length: 16, network: {name: transformer, conditioning: {width: 8}}")
            .replace("save_every: 3", "new_tensors: ['noise.*', '*.modulation.*', output.norm]");
    Ingredients ingredients = gathered(recipe(told, model(SHAPE, "byte")));
    BaseModel.requireFit(ingredients);
    Map<String, List<Double>> expected = initial(ingredients.config().shape(), 1);
    Map<String, List<Double>> base = initial(SHAPE, 9);
    base.remove("output.norm");
    expected.putAll(base);
    assertThat(expected).hasSize(base.size() + 7);
    assertThat(firstWeights(ingredients)).isEqualTo(expected);
  }

  @Test
  void everyTensorThatDoesNotFitIsListedAtOnce() throws IOException {
    Path gpt = model(new GptShape(257, 1, 2, 32, 16), "byte");
    assertThatThrownBy(fitting(RECIPE, gpt))
        .isInstanceOf(RefusedFileException.class)
        .hasMessageContainingAll(
            "model.safetensors: does not fit the recipe's network: 7 missing: ",
            "[blocks.0.attention.query_key_value]",
            "11 unknown: ",
            "[positions]",
            "5 of another shape: ",
            "[embedding] [258, 32], expected [258, 16]",
            "training.new_tensors")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aNameOfNoTensorIsRefused() throws IOException {
    String misspelt = RECIPE.replace("save_every: 3", "new_tensors: ['output.modlation.*']");
    assertThatThrownBy(fitting(misspelt, model(SHAPE, "byte")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("training.new_tensors has 'output.modlation.*'");
  }

  @Test
  void newTensorsWithoutAModelAreRefused() throws IOException {
    Path file = temporary.resolve("alone.yaml");
    Files.writeString(file, RECIPE.replace("save_every: 3", "new_tensors: ['output.*']"));
    Ingredients alone = gathered(RecipeReader.read(file));
    assertThatThrownBy(() -> BaseModel.requireFit(alone))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("training.new_tensors is [output.*]", "--from MODEL");
  }

  @Test
  void anotherTokenizerIsRefused() throws IOException {
    assertThatThrownBy(fitting(RECIPE, model(SHAPE, "gpt2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("data.tokenizer is byte", "base/tokenizer.json");
  }

  /** Other heads would read the same weights, but not as they are meant. */
  @Test
  void otherHeadsAreRefused() throws IOException {
    assertThatThrownBy(fitting(RECIPE.replace("heads: 2", "heads: 4"), model(SHAPE, "byte")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.heads is 4; expected 2");
  }

  private RunFolder begun(String name, Recipe recipe) throws IOException {
    var folder = new RunFolder(temporary.resolve(name));
    folder.begin(recipe);
    return folder;
  }

  private void run(RunFolder folder, long killedAt) throws IOException {
    new TrainingRun(
            gathered(folder.readRecipe()),
            folder,
            Placement.CPU,
            event -> {
              if (event instanceof TrainEvent.Updated it && it.update().step() == killedAt) {
                throw new IllegalStateException("killed");
              }
            },
            () -> false,
            Collective.alone())
        .run();
  }

  @Test
  void aRunGoesOnBitForBitThoughItsModelIsGone() throws IOException {
    Path base = model(SHAPE, "byte");
    RunFolder whole = begun("whole", recipe(RECIPE, base));
    run(whole, 0);
    RunFolder broken = begun("broken", recipe(RECIPE, base));
    for (int killedAt : new int[] {2, 5}) { // before and after the first checkpoint
      assertThatThrownBy(() -> run(broken, killedAt)).hasMessage("killed");
    }
    Files.move(base, temporary.resolve("gone"));
    run(broken, 0);
    for (String file : List.of(Model.WEIGHTS, Model.CARD)) {
      assertThat(Files.mismatch(whole.model().resolve(file), broken.model().resolve(file)))
          .as(file)
          .isEqualTo(-1);
    }
  }

  @Test
  void aRunWithoutACheckpointDoesNotGoOnFromOtherWeights() throws IOException {
    RunFolder folder = begun("run", recipe(RECIPE, model(SHAPE, "byte")));
    Path weights = temporary.resolve("base").resolve(Model.WEIGHTS);
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertThatThrownBy(() -> run(folder, 0))
        .isInstanceOf(RefusedFileException.class)
        .hasMessageContaining("SHA-256");
  }
}
