package dev.anneal.objective;

import dev.anneal.model.Network;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Leaf;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * How a network learns from many rows: they go through its output head a portion at a time, so that
 * what is as wide as the vocabulary never exists for all of them at once. The portions' gradients
 * meet in the features in front of the head.
 *
 * @param numbers how many outputs, of all rows of a portion together, there are at most; a row goes
 *     through whole
 */
public record Portions(int numbers) {

  /** 8 MB of outputs: much less than a batch's, and enough for products to run at full speed. */
  public static final Portions USUAL = new Portions(1 << 21);

  /** 1 GB of them: a GPU has the memory, and is slowed down by many small products. */
  private static final Portions OF_A_GPU = new Portions(1 << 28);

  /** As large as a device likes them. */
  public static Portions usual(Device device) {
    return switch (device.type()) {
      case CPU -> USUAL;
      case CUDA -> OF_A_GPU;
    };
  }

  /**
   * Adds the gradient of a batch's nats, times a factor, to the network's weights.
   *
   * @return the sum of the nats; 0 if no token is asked for
   */
  public double learn(Objective objective, NoisedBatch batch, Network network, double factor) {
    List<NoisedRow> asked = batch.rows().stream().filter(objective::asks).toList();
    if (asked.isEmpty()) {
      return 0;
    }
    int portion = Math.max(1, numbers / network.tokens());
    var sums = new ArrayList<Tensor>(); // read in the end, for a GPU has to be waited for
    try (Scope scope = Scope.open()) {
      Tensor features = network.features(batch.window(), Rows.places(asked)); // [row, channel]
      var leaf = new Leaf(features);
      for (int first = 0; first < asked.size(); first += portion) {
        List<NoisedRow> rows = asked.subList(first, Math.min(first + portion, asked.size()));
        try (Scope inner = Scope.open()) {
          Tensor own = leaf.tensor().narrow(0, first, rows.size());
          Tensor outputs = network.head(batch.window(), Rows.places(rows), own);
          Tensor sum = objective.nats(rows, objective.read(outputs, rows, network.reading())).sum();
          sum.multiply(factor).backward();
          sums.add(inner.keep(sum));
        }
      }
      leaf.backward();
      return Tensors.stack(sums, 0).to(DType.FLOAT64).sum().item();
    }
  }
}
