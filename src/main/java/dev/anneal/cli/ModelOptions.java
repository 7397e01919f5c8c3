package dev.anneal.cli;

import dev.anneal.data.Digest;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.model.Placement;
import dev.anneal.store.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name a model and where it runs, the same in every command. */
final class ModelOptions {

  /** The name of the bundled model. */
  private static final String STARTER = "starter";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      defaultValue = STARTER,
      description = "A model folder, or starter, the bundled one (default: ${DEFAULT-VALUE}).")
  private String model = STARTER;

  @Mixin private final DeviceOptions device = new DeviceOptions();

  /**
   * Loads the model.
   *
   * @throws IOException if there is none, or it cannot be read
   */
  Model load() throws IOException {
    return Model.load(folder(model), placement());
  }

  /**
   * Where it runs.
   *
   * @throws IllegalArgumentException if there is no such device
   */
  Placement placement() {
    return device.placement();
  }

  /**
   * SHA-256 of the model's weights.
   *
   * @throws IOException if they cannot be read
   */
  String digest() throws IOException {
    return digest(folder(model));
  }

  /**
   * What is measured, for a report.
   *
   * @throws IOException if its weights cannot be read
   */
  Fingerprint.Source source() throws IOException {
    return source(model);
  }

  /** A model as a report names it. */
  static Fingerprint.Source source(String model) throws IOException {
    return new Fingerprint.Source(name(model), digest(folder(model)));
  }

  /** SHA-256 of the weights in a model folder. */
  static String digest(Path folder) throws IOException {
    return Digest.of(folder.resolve(Model.WEIGHTS));
  }

  /** The model as the user named it. */
  String given() {
    return model;
  }

  /** What the model is called: as its folder. */
  String name() {
    return name(model);
  }

  private static String name(String model) {
    Path name = Path.of(model).toAbsolutePath().normalize().getFileName();
    return name == null ? model : name.toString();
  }

  /**
   * The folder of a model that a user names.
   *
   * @param model a folder, or starter
   * @throws NoSuchFileException if there is none
   */
  static Path folder(String model) throws NoSuchFileException {
    Path folder = Path.of(model);
    if (model.equals(STARTER) && !Files.isDirectory(folder)) {
      // The launcher says where Anneal lies; its models lie beside it.
      folder = Path.of(System.getProperty("anneal.home", ".")).resolve("models").resolve(STARTER);
    }
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(
          folder.toString(), null, "no such model: expected a model folder, or " + STARTER);
    }
    return folder;
  }
}
