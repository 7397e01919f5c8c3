package dev.anneal.bench;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.model.Network;
import dev.anneal.model.Window;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;

/**
 * The work of a flat call as the published code does it: the logits of every row, and from each a
 * draw in float64.
 */
public final class DenseFlat {
  private final Network network;
  private final int length;
  private final int batch;
  private final Window window;

  /** Flat calls of so many texts of a length. */
  public DenseFlat(Network network, int length, int batch) {
    this.network = network;
    this.length = length;
    this.batch = batch;
    int[] ids = new int[length];
    int[] positions = new int[length];
    Arrays.setAll(ids, position -> position % network.tokens());
    Arrays.setAll(positions, position -> position);
    this.window =
        new Window(
            Collections.nCopies(batch, ids).toArray(int[][]::new),
            Collections.nCopies(batch, positions).toArray(int[][]::new),
            Collections.nCopies(batch, AttentionPattern.everything(length)),
            0);
  }

  /** How fast it is, in tokens a second, if it takes so many calls in place of a text's. */
  public double tokensPerSecond(int calls, int steps) {
    long start = System.nanoTime();
    for (int call = 0; call < calls; call++) {
      call(new Rng(call));
    }
    return (double) batch * length * calls / steps / ((System.nanoTime() - start) / 1e9);
  }

  private long[] call(Rng rng) {
    try (Scope scope = Scope.withoutGradient()) {
      Tensor logits = network.allLogits(window, Optional.empty());
      Tensor sums =
          Nn.softmax(logits.reshape((long) batch * length, -1).to(DType.FLOAT64)).cumulativeSum(1);
      double[] draws = new double[batch * length];
      Rng.Stream uniform = rng.stream(Rng.Purpose.TOKEN, 0, 0);
      Arrays.setAll(draws, uniform::uniform);
      return Nn.searchSorted(sums, Tensors.of(draws, draws.length, 1).to(sums.device())).toLongs();
    }
  }
}
