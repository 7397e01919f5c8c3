package dev.anneal.cli;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where models are found by name. */
final class ModelPlaces {

  /** The name of the bundled model. */
  static final String STARTER = "starter";

  private ModelPlaces() {}

  /**
   * The folder of a model.
   *
   * @param name {@value #STARTER}, or a folder
   * @throws NoSuchFileException if there is none
   */
  static Path find(String name) throws NoSuchFileException {
    Path folder = Path.of(name);
    if (name.equals(STARTER) && !Files.isDirectory(folder)) {
      // The launcher says where Anneal lies; the models lie beside it.
      folder = Path.of(System.getProperty("anneal.home", ".")).resolve("models").resolve(STARTER);
    }
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(
          folder.toString(), null, "no such model: expected a model folder, or " + STARTER);
    }
    return folder;
  }
}
