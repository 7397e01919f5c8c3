package dev.anneal.store;

import dev.anneal.model.Network;
import dev.anneal.model.Parameters;
import dev.anneal.model.Placement;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model without its text: what computes. Owns the network and its weights.
 *
 * @param config what it is
 * @param parameters its weights
 * @param network what runs
 */
public record TrainedNetwork(ModelConfig config, Parameters parameters, Network network)
    implements AutoCloseable {

  /**
   * Reads it from a model folder.
   *
   * @throws RefusedFileException if something in it does not fit the rest
   * @throws IOException if it cannot be read
   */
  public static TrainedNetwork load(Path folder, Placement placement) throws IOException {
    ModelConfig config = ModelConfig.read(folder);
    try (SafeTensors weights = SafeTensors.open(folder.resolve(Model.WEIGHTS))) {
      return of(config, weights, placement);
    }
  }

  /**
   * The network of stored weights, which are copied.
   *
   * @param weights exactly the parameters of the architecture
   * @throws RefusedFileException listing everything that does not fit
   */
  public static TrainedNetwork of(ModelConfig config, StoredTensors weights, Placement placement)
      throws RefusedFileException {
    var tensors = TensorFile.read(weights, Parameters.shapes(config.shape()), placement.device());
    var parameters =
        Parameters.of(config.shape(), tensors).multiplyIn(placement.precision()).fixed();
    return new TrainedNetwork(config, parameters, config.shape().network(parameters));
  }

  @Override
  public void close() {
    network.close();
    parameters.close();
  }
}
