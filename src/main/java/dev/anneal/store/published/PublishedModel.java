package dev.anneal.store.published;

import dev.anneal.store.ModelConfig;
import dev.anneal.store.Quoted;
import dev.anneal.store.RefusedFileException;
import dev.anneal.store.StoredTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A model in the layout of those who published it, read in Anneal's terms. Its weights stay in
 * their file until they are looked at.
 *
 * <p>The law of this package: a model is read exactly or not at all. Every tensor of the network
 * the config describes is there in its size, and every tensor that is there has its place.
 *
 * @param family its name, for people
 * @param config what it is
 * @param weights under our names, as numbers of the type they were published in
 */
public record PublishedModel(String family, ModelConfig config, StoredTensors weights)
    implements AutoCloseable {

  private static final List<PublishedFamily> FAMILIES =
      List.of(
          Hdlm.EPSILON, Hdlm.GAMMA, Mdlm.MDLM, Mdlm.BD3LM, Sedd.ABSORB, Sedd.UNIFORM, Gpt2.GPT2);

  /**
   * Opens a published folder.
   *
   * @throws RefusedFileException if its family is unknown, or its config and its tensors do not
   *     agree: all that is missing, unknown and misshapen is listed
   * @throws IOException if it cannot be read
   */
  public static PublishedModel open(Path folder) throws IOException {
    PublishedConfig config = PublishedConfig.read(folder);
    PublishedFamily family = family(config);
    ModelConfig described = described(family, config);
    StoredTensors stored = WeightFiles.open(folder);
    try {
      return new PublishedModel(
          family.title(), described, Matching.arranged(family, described, stored));
    } catch (IOException | RuntimeException failure) {
      stored.close();
      throw failure;
    }
  }

  private static PublishedFamily family(PublishedConfig config) throws RefusedFileException {
    return FAMILIES.stream()
        .filter(family -> family.recognises(config))
        .findFirst()
        .orElseThrow(
            () ->
                new RefusedFileException(
                    config.file(),
                    "describes none of the families known: "
                        + FAMILIES.stream()
                            .map(PublishedFamily::title)
                            .collect(Collectors.joining(", "))));
  }

  private static ModelConfig described(PublishedFamily family, PublishedConfig config)
      throws RefusedFileException {
    try {
      return family.describe(config);
    } catch (IllegalArgumentException invalid) {
      throw new RefusedFileException(
          config.file(), Quoted.line(String.valueOf(invalid.getMessage())), invalid);
    }
  }

  @Override
  public void close() {
    weights.close();
  }
}
