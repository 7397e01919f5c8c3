package dev.anneal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.data.Progress;
import dev.anneal.model.Parameters;
import dev.anneal.model.Placement;
import dev.anneal.model.Precision;
import dev.anneal.recipe.Recipe;
import dev.anneal.recipe.RecipeReader;
import dev.anneal.store.Checkpoints;
import dev.anneal.store.Model;
import dev.anneal.store.RefusedFileException;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingRunTest {
  private static final String RECIPE =
      """
      name: tiny
      data: {train: [text.txt], valid: [text.txt]}
      model: {layers: 1, heads: 2, channels: 16, length: 16, stored: float16}
      noise: {name: epsilon-hybrid, epsilon: 0.1}
      hyperschedules:
        - {name: quenched}
        - {name: block, width: 4}
        - {name: slide, width: 4, levels: 2}
        - {name: flat}
      training: {steps: 20, batch: 8, micro_batches: 4, learning_rate: 1e-2, warm_up: 3,
        save_every: 10, evaluate_every: 10, log_every: 1, sequences_evaluated: 4}
      samples: {every: 10, length: 12, prompt: a, hyperschedule: {name: block, width: 4}}
      """;

  @TempDir private Path temporary;

  @BeforeEach
  void writeText() throws IOException {
    Files.writeString(temporary.resolve("text.txt"), "abcdefgh ".repeat(200));
    Files.writeString(temporary.resolve("tiny.yaml"), RECIPE);
  }

  private Recipe recipe() throws IOException {
    return RecipeReader.read(temporary.resolve("tiny.yaml"));
  }

  private RunFolder begun(String name) throws IOException {
    var folder = new RunFolder(temporary.resolve(name));
    folder.begin(recipe());
    return folder;
  }

  private void run(RunFolder folder, Consumer<TrainEvent> listener) throws IOException {
    run(folder, Placement.CPU, listener);
  }

  private void run(RunFolder folder, Placement placement, Consumer<TrainEvent> listener)
      throws IOException {
    Ingredients ingredients =
        Ingredients.gather(folder.readRecipe(), temporary.resolve("tokens"), Progress.silent());
    new TrainingRun(ingredients, folder, placement, listener, () -> false, Collective.alone())
        .run();
  }

  private Ingredients ingredients() throws IOException {
    return Ingredients.gather(recipe(), temporary.resolve("tokens"), Progress.silent());
  }

  /** The listener of a process that is killed while it makes a step. */
  private static void dieAt(long step, TrainEvent event) {
    if (event instanceof TrainEvent.Updated it && it.update().step() == step) {
      throw new IllegalStateException("killed");
    }
  }

  @Test
  void aRunThatIsKilledAndResumedEndsBitForBitWhereAnUninterruptedOneDoes() throws IOException {
    RunFolder whole = begun("whole");
    run(whole, event -> {});
    RunFolder broken = begun("broken");
    assertThatThrownBy(() -> run(broken, event -> dieAt(13, event)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(new Checkpoints(broken.path()).newest().orElseThrow().step()).isEqualTo(10);
    run(broken, event -> {});
    for (String file : List.of("checkpoint-000020/state.safetensors", "model/model.safetensors")) {
      assertThat(Files.mismatch(whole.path().resolve(file), broken.path().resolve(file)))
          .as(file)
          .isEqualTo(-1);
    }
    assertThat(steps(broken)).isEqualTo(steps(whole));
  }

  @Test
  void aRunOfBFloat16ProductsLearnsTheSameAndItsCheckpointsGoOnInFloat32() throws IOException {
    var exact = new ArrayList<Double>();
    RunFolder whole = begun("exact");
    run(whole, event -> noteLoss(event, exact));
    var coarse = new ArrayList<Double>();
    RunFolder changed = begun("coarse");
    var placement = new Placement(Device.CPU, Precision.BFLOAT16);
    assertThatThrownBy(
            () ->
                run(
                    changed,
                    placement,
                    event -> {
                      dieAt(11, event);
                      noteLoss(event, coarse);
                    }))
        .isInstanceOf(IllegalStateException.class);
    Path state = Path.of("checkpoint-000010/state.safetensors");
    assertThat(Files.size(changed.path().resolve(state)))
        .isEqualTo(Files.size(whole.path().resolve(state)));
    run(changed, event -> noteLoss(event, coarse));
    assertThat(coarse).isNotEqualTo(exact).hasSameSizeAs(exact);
    for (int step = 0; step < exact.size(); step++) {
      assertThat(coarse.get(step)).as("step %d", step).isCloseTo(exact.get(step), within(0.05));
    }
  }

  private static void noteLoss(TrainEvent event, List<Double> losses) {
    if (event instanceof TrainEvent.Updated it) {
      losses.add(it.update().nats());
    }
  }

  private static List<Long> steps(RunFolder folder) throws IOException {
    return folder.metrics().stream()
        .filter(line -> line.has("nats"))
        .map(line -> line.path("step").asLong())
        .toList();
  }

  @Test
  void aRunTellsWhatHappensAndLeavesAModelThatLoads() throws IOException {
    var events = new ArrayList<TrainEvent>();
    RunFolder folder = begun("run");
    run(folder, events::add);
    assertThat(events.getFirst()).isInstanceOf(TrainEvent.Started.class);
    assertThat(events.stream().filter(TrainEvent.Updated.class::isInstance)).hasSize(20);
    assertThat(events.stream().filter(TrainEvent.Saved.class::isInstance)).hasSize(2);
    assertThat(events)
        .filteredOn(TrainEvent.Evaluated.class::isInstance)
        .last()
        .extracting(event -> ((TrainEvent.Evaluated) event).nats().keySet())
        .asInstanceOf(InstanceOfAssertFactories.collection(String.class))
        .containsExactly("quenched", "block 4", "slide 4", "flat");
    assertThat(events)
        .filteredOn(TrainEvent.Sampled.class::isInstance)
        .allSatisfy(
            event -> assertThat(((TrainEvent.Sampled) event).texts().getFirst()).startsWith("a"));
    try (Model model = Model.load(folder.model(), Device.CPU)) {
      assertThat(model.config().shape().channels()).isEqualTo(16);
    }
    assertThat(Files.size(folder.model().resolve(Model.WEIGHTS)))
        .isLessThan(3 * Parameters.count(ingredients().config().shape()));
    assertThat(folder.model().resolve("README.md")).content().contains("# tiny");
    assertThat(folder.path().resolve("loss.svg")).content().contains("training loss", "block 4");
  }

  @Test
  void theLossOfATextThatRepeatsFallsFarBelowAUniformGuess() throws IOException {
    var nats = new ArrayList<Double>();
    run(
        begun("run"),
        event -> {
          if (event instanceof TrainEvent.Updated it) {
            nats.add(it.update().nats());
          }
        });
    assertThat(nats.getFirst()).isGreaterThan(Math.log(257) - 1);
    assertThat(nats.subList(15, 20)).allSatisfy(loss -> assertThat(loss).isLessThan(4.5));
  }

  @Test
  void liveTensorsAreAsManyAfterStepTenAsAfterStepTwo() throws IOException {
    var live = new ArrayList<Long>();
    run(
        begun("run"),
        event -> {
          if (event instanceof TrainEvent.Updated) {
            live.add(Tensor.live());
          }
        });
    assertThat(live.get(9)).isEqualTo(live.get(1));
    assertThat(live.get(19)).isEqualTo(live.get(1));
  }

  @Test
  void aStoppedRunSavesAndGoesOn() throws IOException {
    RunFolder folder = begun("run");
    var updates = new ArrayList<Long>();
    Consumer<TrainEvent> count =
        event -> {
          if (event instanceof TrainEvent.Updated it) {
            updates.add(it.update().step());
          }
        };
    new TrainingRun(
            ingredients(),
            folder,
            Placement.CPU,
            count,
            () -> updates.size() == 7,
            Collective.alone())
        .run();
    assertThat(folder.model()).doesNotExist();
    run(folder, count);
    assertThat(updates).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void aRunIsNeitherBegunTwiceNorResumedOnAnotherText() throws IOException {
    RunFolder folder = begun("run");
    run(folder, event -> {});
    assertThatThrownBy(() -> folder.begin(recipe()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds a run already")
        .hasMessageContaining("--resume");
    Files.writeString(temporary.resolve("text.txt"), "something else ".repeat(200));
    assertThatThrownBy(() -> run(folder, event -> {}))
        .isInstanceOf(RefusedFileException.class)
        .hasMessageContaining("another text");
  }

  @Test
  void aLossThatIsNotFiniteSavesTheStateBeforeItAndStops() throws IOException {
    Files.writeString(
        temporary.resolve("tiny.yaml"),
        RECIPE.replace("learning_rate: 1e-2", "learning_rate: 1e30"));
    RunFolder folder = begun("run");
    assertThatThrownBy(() -> run(folder, event -> {}))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("expected finite numbers")
        .hasMessageContaining("checkpoint-");
  }
}
