package dev.anneal.train;

import dev.anneal.recipe.Recipe;
import dev.anneal.recipe.RecipeReader;
import dev.anneal.recipe.RecipeWriter;
import dev.anneal.store.AtomicWrite;
import dev.anneal.store.Checkpoints;
import dev.anneal.store.ElementType;
import dev.anneal.store.RefusedFileException;
import dev.anneal.store.TensorFile;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run leaves on the disk: {@code recipe.yaml}, {@code metrics.jsonl}, {@code loss.svg},
 * {@code checkpoint-…/} and, at its end, {@code model/}.
 *
 * @param path the run's folder
 */
public record RunFolder(Path path) {
  private static final String RECIPE = "recipe.yaml";
  private static final String METRICS = "metrics.jsonl";
  private static final String LOCK = ".lock";
  private static final String CURVE = "loss.svg";
  private static final String STATE = "state.safetensors";
  private static final String POSITION = "position.json";

  /** Older ones only help if the newest turns out to be worse. */
  private static final int CHECKPOINTS_KEPT = 2;

  private static final JsonMapper JSON = new JsonMapper();

  /** Where the finished model goes. */
  public Path model() {
    return path.resolve("model");
  }

  /** The run's recipe. */
  public Path recipe() {
    return path.resolve(RECIPE);
  }

  /** True if a run has left something here. */
  public boolean exists() {
    return Files.exists(recipe());
  }

  /**
   * Begins a run: makes the folder and writes the recipe.
   *
   * @throws IllegalArgumentException if a run is there already
   */
  public void begin(Recipe recipe) throws IOException {
    if (exists()) {
      throw new IllegalArgumentException(
          path + " holds a run already: expected a folder without one, or --resume");
    }
    Files.createDirectories(path);
    RecipeWriter.write(recipe, recipe());
  }

  /**
   * Begins a run, or makes sure that the one that is here has this recipe.
   *
   * @throws IllegalArgumentException if it has another one
   */
  public void beginOrGoOn(Recipe recipe) throws IOException {
    if (!exists()) {
      begin(recipe);
      return;
    }
    SequencedMap<String, String> now = recipe.settings();
    SequencedMap<String, String> then = readRecipe().settings();
    Set<String> keys = new LinkedHashSet<>(now.keySet());
    keys.addAll(then.keySet());
    List<String> changed =
        keys.stream()
            .filter(key -> !Objects.equals(now.get(key), then.get(key)))
            .map(key -> "%s %s".formatted(key, then.getOrDefault(key, "unset")))
            .toList();
    if (!changed.isEmpty()) {
      throw new IllegalArgumentException(
          "%s holds a run of another recipe: expected %s, or a folder without a run"
              .formatted(path, String.join(", ", changed)));
    }
  }

  /**
   * Keeps other processes out until it is closed.
   *
   * @throws IllegalArgumentException if another process trains here
   */
  FileChannel lock() throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw new IllegalArgumentException(path + ": another process is training here");
    }
    return channel;
  }

  /** The recipe the run began with. */
  public Recipe readRecipe() throws IOException {
    return RecipeReader.read(recipe());
  }

  /** True if the run can go on from something it has learned. */
  boolean hasCheckpoint() throws IOException {
    return new Checkpoints(path).newest().isPresent();
  }

  /** Saves everything a run needs to go on; a checkpoint of the same step is left as it is. */
  public Path save(Trainer trainer, String textDigest) throws IOException {
    var checkpoints = new Checkpoints(path);
    Optional<Checkpoints.Checkpoint> newest = checkpoints.newest();
    if (newest.isPresent() && newest.get().step() == trainer.done()) {
      return newest.get().folder();
    }
    var saved =
        checkpoints.save(
            trainer.done(),
            folder -> {
              TensorFile.write(folder.resolve(STATE), Map.of(), trainer.state(), ElementType.F32);
              var position = Map.of("step", trainer.done(), "text", textDigest);
              Files.writeString(folder.resolve(POSITION), JSON.writeValueAsString(position));
            });
    checkpoints.keepNewest(CHECKPOINTS_KEPT);
    return saved.folder();
  }

  /**
   * Puts a trainer where the newest checkpoint is; does nothing if there is no checkpoint yet.
   *
   * @throws RefusedFileException if the checkpoint does not fit the trainer or the text
   */
  public void restore(Trainer trainer, String textDigest, Device device) throws IOException {
    Optional<Checkpoints.Checkpoint> newest = new Checkpoints(path).newest();
    if (newest.isPresent()) {
      Path folder = newest.get().folder();
      requireText(folder.resolve(POSITION), textDigest);
      var expected = new LinkedHashMap<String, List<Long>>();
      trainer
          .state()
          .forEach(
              (name, tensor) -> expected.put(name, Arrays.stream(tensor.shape()).boxed().toList()));
      Map<String, Tensor> saved = TensorFile.read(folder.resolve(STATE), expected, device);
      try {
        trainer.restore(newest.get().step(), saved);
      } finally {
        saved.values().forEach(Tensor::close);
      }
    }
  }

  private static void requireText(Path file, String textDigest) throws IOException {
    try {
      JsonNode position = JSON.readTree(Files.readString(file));
      if (!position.path("text").asString("").equals(textDigest)) {
        throw new RefusedFileException(
            file, "the run began with another text or tokenizer than the recipe names now");
      }
    } catch (JacksonException e) {
      throw new RefusedFileException(file, "not JSON");
    }
  }

  /** Adds a line to the metrics. */
  public void log(Map<String, Object> line) throws IOException {
    Files.writeString(
        path.resolve(METRICS),
        JSON.writeValueAsString(line) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** The metrics so far, a JSON object a line. */
  public List<JsonNode> metrics() throws IOException {
    Path file = path.resolve(METRICS);
    if (!Files.exists(file)) {
      return List.of();
    }
    try (var lines = Files.lines(file)) {
      return lines.map(JSON::readTree).toList();
    } catch (JacksonException e) {
      throw new RefusedFileException(file, "a line is not JSON");
    }
  }

  /** Forgets the metrics of later steps: they are made again. */
  void forgetAfter(long step) throws IOException {
    List<JsonNode> kept =
        metrics().stream().filter(line -> line.path("step").asLong(0) <= step).toList();
    var text = new StringBuilder();
    kept.forEach(line -> text.append(JSON.writeValueAsString(line)).append('\n'));
    write(METRICS, text.toString());
  }

  /** Draws the loss curve anew. */
  public void drawCurve() throws IOException {
    write(CURVE, LossCurve.of(metrics()).svg());
  }

  private void write(String name, String text) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    AtomicWrite.file(
        path.resolve(name),
        channel -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }
}
