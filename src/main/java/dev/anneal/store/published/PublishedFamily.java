package dev.anneal.store.published;

import dev.anneal.model.Architecture;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.RefusedFileException;
import java.util.List;
import java.util.Map;

/** A family of published models: what its config says and where its tensors are. */
sealed interface PublishedFamily permits Hdlm, Mdlm, Sedd, Gpt2 {

  /**
   * Where a published model keeps one of our parameters.
   *
   * @param name of its tensor
   * @param arrangement of its elements
   */
  record Place(String name, Arrangement arrangement) {}

  /** Its name, for people. */
  String title();

  /** Whether a config is one of this family's. */
  boolean recognises(PublishedConfig config);

  /**
   * What a config says, in Anneal's terms.
   *
   * @throws RefusedFileException if a setting is missing, or asks for what Anneal does not compute
   * @throws IllegalArgumentException if the settings do not fit each other
   */
  ModelConfig describe(PublishedConfig config) throws RefusedFileException;

  /** Where it keeps the parameter of a name. */
  Place place(String parameter);

  /** Shapes of tensors that may be there, by name, though nothing is learned in them. */
  default Map<String, List<Long>> constants(Architecture shape) {
    return Map.of();
  }

  /** Tensors that may be there once more: to each name, the parameter that it repeats. */
  default Map<String, String> copies() {
    return Map.of();
  }
}
