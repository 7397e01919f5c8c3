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
 * The work of calls as the published code does them: a call in every step, without a cache, the
 * logits of every row, and draws in float64.
 */
public final class DenseCalls {
  private final Network network;
  private final int batch;
  private final int rows;
  private final int drawn;
  private final Window window;

  /**
   * Calls of so many texts.
   *
   * @param rows of each text that are fed: from its beginning to the end of the active window
   * @param drawn how many of them, the last, are active: a token is drawn for each
   */
  public DenseCalls(Network network, int batch, int rows, int drawn) {
    this.network = network;
    this.batch = batch;
    this.rows = rows;
    this.drawn = drawn;
    int[] ids = new int[rows];
    int[] positions = new int[rows];
    Arrays.setAll(ids, position -> position % network.tokens());
    Arrays.setAll(positions, position -> position);
    this.window =
        new Window(
            Collections.nCopies(batch, ids).toArray(int[][]::new),
            Collections.nCopies(batch, positions).toArray(int[][]::new),
            Collections.nCopies(batch, AttentionPattern.everything(rows)),
            0);
  }

  /** How fast it is, in tokens a second, if a call settles so many tokens of each text. */
  public double tokensPerSecond(int calls, double settled) {
    long start = System.nanoTime();
    for (int call = 0; call < calls; call++) {
      call(new Rng(call));
    }
    return batch * settled * calls / ((System.nanoTime() - start) / 1e9);
  }

  private long[] call(Rng rng) {
    try (Scope scope = Scope.withoutGradient()) {
      Tensor logits =
          network
              .allLogits(window, Optional.empty())
              .narrow(1, rows - drawn, drawn)
              .reshape((long) batch * drawn, -1);
      Tensor sums = Nn.softmax(logits.to(DType.FLOAT64)).cumulativeSum(1);
      double[] draws = new double[batch * drawn];
      Rng.Stream uniform = rng.stream(Rng.Purpose.TOKEN, 0, 0);
      Arrays.setAll(draws, uniform::uniform);
      return Nn.searchSorted(sums, Tensors.of(draws, draws.length, 1).to(sums.device())).toLongs();
    }
  }
}
