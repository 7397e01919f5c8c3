package dev.anneal.store;

import dev.anneal.attention.Aligned;
import dev.anneal.attention.Alignment;
import dev.anneal.attention.SettledContext;
import dev.anneal.model.Architecture;
import dev.anneal.noise.Noise;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.schedule.NoiseSchedule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a model is, apart from its numbers: the {@value #FILE} of a model folder.
 *
 * @param shape the network's kind and size
 * @param alignment which output guesses which token; aligned where a file does not say
 * @param context which settled tokens a settled token looks at
 * @param noise what the model was trained to undo
 */
public record ModelConfig(
    Architecture shape, Alignment alignment, SettledContext context, Noise noise) {

  /** Its file in a model folder. */
  public static final String FILE = "config.json";

  private static final String FORMAT = "anneal-model-1";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final Family<Architecture> NETWORKS = Family.of(Architecture.class, "Shape");
  private static final Family<Alignment> ALIGNMENTS = Family.of(Alignment.class);
  private static final Family<SettledContext> CONTEXTS = Family.of(SettledContext.class, "Context");
  private static final Family<NoiseProcess> PROCESSES = Family.of(NoiseProcess.class);
  private static final Family<NoiseSchedule> SCHEDULES = Family.of(NoiseSchedule.class);

  /** With aligned outputs. */
  public ModelConfig(Architecture shape, SettledContext context, Noise noise) {
    this(shape, new Aligned(), context, noise);
  }

  /** The longest text, in tokens. */
  public int longest() {
    return alignment.longest(shape.length());
  }

  /** Writes the file into a model folder. */
  public void write(Path folder) throws IOException {
    var root = new LinkedHashMap<String, Object>();
    root.put("format", FORMAT);
    root.put("network", written(NETWORKS.describe(shape)));
    root.put("outputs", written(ALIGNMENTS.describe(alignment)));
    root.put("context", written(CONTEXTS.describe(context)));
    root.put("noise", written(PROCESSES.describe(noise.process())));
    root.put("noise_schedule", written(SCHEDULES.describe(noise.schedule())));
    Files.writeString(
        folder.resolve(FILE), JSON.writeValueAsString(root) + "\n", StandardCharsets.UTF_8);
  }

  private static Map<String, Object> written(Choice choice) {
    var map = new LinkedHashMap<String, Object>();
    map.put("name", choice.name());
    map.putAll(choice.settings());
    return map;
  }

  /**
   * Reads the file of a model folder.
   *
   * @throws RefusedFileException if it does not describe a model
   * @throws IOException if it cannot be read
   */
  public static ModelConfig read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(
          folder.toString(), null, "no model here: expected a folder with a " + FILE);
    }
    try {
      JsonNode root = JSON.readTree(Files.readString(file));
      if (!root.path("format").asString("").equals(FORMAT)) {
        throw new RefusedFileException(file, "its format is not " + FORMAT);
      }
      if (root.path("network") instanceof ObjectNode network && !network.has("name")) {
        network.put("name", "transformer"); // a file may leave the commonest network's name out
      }
      var noise =
          new Noise(
              PROCESSES.create(choice(root, "noise")),
              SCHEDULES.create(choice(root, "noise_schedule")));
      return new ModelConfig(
          NETWORKS.create(choice(root, "network")),
          root.has("outputs") ? ALIGNMENTS.create(choice(root, "outputs")) : new Aligned(),
          CONTEXTS.create(choice(root, "context")),
          noise);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new RefusedFileException(file, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Whether a folder's {@value #FILE} is one that Anneal writes, right or wrong.
   *
   * @throws IOException if it cannot be read
   */
  public static boolean isIn(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    try {
      return Files.isRegularFile(file)
          && JSON.readTree(Files.readAllBytes(file)).path("format").asString("").equals(FORMAT);
    } catch (JacksonException notJson) {
      return false;
    }
  }

  private static Choice choice(JsonNode root, String key) {
    JsonNode value = root.path(key);
    if (!value.isObject() || !value.path("name").isString()) {
      throw new IllegalArgumentException(key + " is missing or has no name");
    }
    Map<String, Object> settings = settings(value);
    settings.remove("name");
    return new Choice(value.path("name").asString(), settings);
  }

  private static Map<String, Object> settings(JsonNode node) {
    var settings = new LinkedHashMap<String, Object>();
    node.propertyStream()
        .forEach(each -> settings.put(each.getKey(), setting(each.getKey(), each.getValue())));
    return settings;
  }

  private static Object setting(String key, JsonNode value) {
    if (value.isObject()) {
      return settings(value);
    }
    if (value.isIntegralNumber()) {
      return value.longValue();
    }
    if (value.isNumber()) {
      return value.doubleValue();
    }
    if (value.isString()) {
      return value.asString();
    }
    throw new IllegalArgumentException(key + " is neither a number nor a text");
  }
}
