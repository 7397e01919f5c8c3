package dev.anneal.store;

import dev.anneal.data.Tokenizer;
import dev.anneal.data.Tokenizers;
import dev.anneal.model.Network;
import dev.anneal.model.Parameters;
import dev.anneal.model.Placement;
import dev.anneal.tensor.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model read from its folder, ready to guess; owns the network and its weights.
 *
 * <p>A model folder holds {@code config.json}, {@code tokenizer.json}, {@code model.safetensors}
 * and a {@code README.md}, the model card.
 *
 * @param config what it is
 * @param tokenizer its text
 * @param parameters its weights
 * @param network what runs
 */
public record Model(ModelConfig config, Tokenizer tokenizer, Parameters parameters, Network network)
    implements AutoCloseable {

  /** The weights' file. */
  public static final String WEIGHTS = "model.safetensors";

  /** The model card's file. */
  public static final String CARD = "README.md";

  /**
   * Reads a model folder, to multiply in what is usual on a device.
   *
   * @throws RefusedFileException if something in it does not fit the rest
   * @throws IOException if it cannot be read
   */
  public static Model load(Path folder, Device device) throws IOException {
    return load(folder, Placement.of(device));
  }

  /**
   * Reads a model folder.
   *
   * @throws RefusedFileException if something in it does not fit the rest
   * @throws IOException if it cannot be read
   */
  public static Model load(Path folder, Placement placement) throws IOException {
    ModelConfig config = ModelConfig.read(folder);
    Tokenizer tokenizer = tokenizer(folder, config);
    TrainedNetwork trained = TrainedNetwork.load(folder, placement);
    return new Model(config, tokenizer, trained.parameters(), trained.network());
  }

  /**
   * Reads the tokenizer of a model folder.
   *
   * @throws RefusedFileException if it does not fit the network
   * @throws IOException if there is none, or it cannot be read
   */
  public static Tokenizer tokenizer(Path folder, ModelConfig config) throws IOException {
    Tokenizer tokenizer = Tokenizers.load(folder);
    if (tokenizer.size() != config.shape().tokens()) {
      throw new RefusedFileException(
          folder.resolve(Tokenizers.FILE),
          "it has %d tokens, the network %d".formatted(tokenizer.size(), config.shape().tokens()));
    }
    return tokenizer;
  }

  /**
   * Writes a model folder that does not exist yet.
   *
   * @param card the text of the model card
   * @throws IOException if it could not be written; then there is no such folder
   */
  public static void save(
      Path folder, ModelConfig config, Tokenizer tokenizer, Weights weights, String card)
      throws IOException {
    AtomicWrite.folder(
        folder,
        draft -> {
          config.write(draft);
          tokenizer.save(draft);
          TensorFile.write(
              draft.resolve(WEIGHTS), Map.of(), weights.parameters.all(), weights.type);
          Files.writeString(draft.resolve(CARD), card, StandardCharsets.UTF_8);
        });
  }

  /**
   * Weights to write.
   *
   * @param parameters the numbers
   * @param type how they are stored
   */
  public record Weights(Parameters parameters, ElementType type) {}

  @Override
  public void close() {
    network.close();
    parameters.close();
  }
}
