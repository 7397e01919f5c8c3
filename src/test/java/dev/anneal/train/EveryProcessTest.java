package dev.anneal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.data.Progress;
import dev.anneal.model.Placement;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.noise.Processes;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.recipe.RecipeReader;
import dev.anneal.store.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One file and one word make a process that a recipe names, a run learns, measures and draws. */
final class EveryProcessTest {
  private static final String RECIPE =
      """
      name: any
      data: {train: [text.txt], valid: [text.txt]}
      model: {layers: 1, heads: 2, channels: 16, length: 16}
      noise: %s
      noise_schedule: {name: log-linear, floor: 5e-3}
      hyperschedules: [{name: block, width: 4}]
      objective: score-entropy
      training: {steps: 2, batch: 4, learning_rate: 1e-2, sequences_evaluated: 4}
      samples: {every: 2, length: 12, hyperschedule: flat, sampler: analytic}
      """;

  @TempDir private Path temporary;

  @BeforeEach
  void writeText() throws IOException {
    Files.writeString(temporary.resolve("text.txt"), "abcdefgh ".repeat(200));
  }

  static List<NoiseProcess> processes() {
    return Processes.each();
  }

  /** As a recipe writes it. */
  private static String named(NoiseProcess process) {
    Choice choice = Family.of(NoiseProcess.class).describe(process);
    var text = new StringBuilder("{name: " + choice.name());
    choice.settings().forEach((key, value) -> text.append(", ").append(key + ": " + value));
    return text.append('}').toString();
  }

  /** The paper's network: told the noise, as its scores need it. */
  @ParameterizedTest
  @ValueSource(strings = {"aligned", "shifted"})
  void aNetworkOfScoresLearnsMeasuresAndDraws(String outputs) throws IOException {
    String network = "network: {name: transformer, conditioning: {width: 8, gamma: 0.2}}";
    String model = ", outputs: " + outputs + ", " + network + "}";
    String recipe =
        RECIPE
            .formatted("{name: gamma-hybrid, gamma: 0.2}")
            .replace("length: 16}", "length: 16" + model)
            .replace("[{name: block, width: 4}]", "[quenched, {name: slide, width: 4}, flat]");
    assertLearnsMeasuresAndDraws(gathered(recipe));
  }

  private Ingredients gathered(String recipe) throws IOException {
    Path file = Files.writeString(temporary.resolve("recipe.yaml"), recipe);
    return Ingredients.gather(
        RecipeReader.read(file), temporary.resolve("tokens"), Progress.silent());
  }

  @ParameterizedTest
  @MethodSource("processes")
  void aRecipeThatNamesItLearnsMeasuresDrawsAndKeepsIt(NoiseProcess process) throws IOException {
    boolean scattersAtOnce = process.chances(1).scattered() > 0;
    String recipe = RECIPE.formatted(named(process));
    Ingredients ingredients =
        gathered(
            scattersAtOnce ? recipe.replace("score-entropy", "epsilon-cross-entropy") : recipe);
    RunFolder folder = assertLearnsMeasuresAndDraws(ingredients);
    assertThat(ModelConfig.read(folder.model()).noise().process()).isEqualTo(process);
  }

  private RunFolder assertLearnsMeasuresAndDraws(Ingredients ingredients) throws IOException {
    var folder = new RunFolder(temporary.resolve("run"));
    folder.begin(ingredients.recipe());
    var events = new ArrayList<TrainEvent>();
    new TrainingRun(
            ingredients, folder, Placement.CPU, events::add, () -> false, Collective.alone())
        .run();
    for (TrainEvent event : events) {
      switch (event) {
        case TrainEvent.Updated it -> assertThat(it.update().nats()).isPositive().isFinite();
        case TrainEvent.Evaluated it ->
            assertThat(it.nats().values()).allMatch(nats -> nats > 0 && Double.isFinite(nats));
        case TrainEvent.Sampled it -> assertThat(it.texts()).hasSize(1);
        default -> {}
      }
    }
    return folder;
  }

  /** Its bound is that of processes which scatter at the start only. */
  @Test
  void theEpsilonCrossEntropyRefusesAProcessThatGoesOnScattering() {
    String recipe =
        RECIPE
            .formatted("{name: gidd, uniform: 0.2}")
            .replace("score-entropy", "epsilon-cross-entropy");
    assertThatThrownBy(() -> gathered(recipe))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Gidd[uniform=0.2, exponent=1.0]", "epsilon-hybrid")
        .hasMessageNotContaining("\n");
  }
}
