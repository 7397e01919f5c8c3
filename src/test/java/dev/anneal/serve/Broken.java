package dev.anneal.serve;

import dev.anneal.model.KvCache;
import dev.anneal.model.Network;
import dev.anneal.model.Window;
import dev.anneal.tensor.Tensor;
import java.util.Optional;

/**
 * A network that fails at texts that begin with a certain token, when it first sees them.
 *
 * @param whole answers otherwise
 * @param token that is too much for it
 */
record Broken(Network whole, int token) implements Network {
  @Override
  public int tokens() {
    return whole.tokens();
  }

  @Override
  public int length() {
    return whole.length();
  }

  @Override
  public KvCache newCache(int batch, int length) {
    return whole.newCache(batch, length);
  }

  @Override
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    if (window.positions(0)[0] == 0 && window.ids(0)[0] == token) {
      throw new ArithmeticException("a secret");
    }
    return whole.logits(window, cache, rows);
  }

  @Override
  public Tensor allLogits(Window window, Optional<Tensor> mask) {
    return whole.allLogits(window, mask);
  }

  @Override
  public Tensor features(Window window, int[] rows) {
    return whole.features(window, rows);
  }

  @Override
  public Tensor head(Window window, int[] rows, Tensor features) {
    return whole.head(window, rows, features);
  }

  @Override
  public void close() {}
}
