package dev.anneal.evaluate;

import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Reading;
import dev.anneal.model.Window;
import dev.anneal.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A denoiser that reads each text of a batch in an order of its own: so texts whose known positions
 * differ, but not their number, are generated together, each as a text that goes on from a prompt.
 *
 * @param denoiser that knows the positions as they are
 * @param orders of each text, [place] to position
 */
record Rearranged(Denoiser denoiser, List<int[]> orders) implements Denoiser {

  @Override
  public int tokens() {
    return denoiser.tokens();
  }

  @Override
  public int length() {
    return denoiser.length();
  }

  @Override
  public KvCache newCache(int batch, int length) {
    return denoiser.newCache(batch, length);
  }

  @Override
  public Reading reading() {
    return denoiser.reading();
  }

  @Override
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    int batch = window.batch();
    var ids = new int[batch][];
    var positions = new int[batch][];
    var sigmas = new double[batch][];
    for (int text = 0; text < batch; text++) {
      int[] order = orders.get(text);
      ids[text] = window.ids(text);
      positions[text] = IntStream.of(window.positions(text)).map(place -> order[place]).toArray();
      sigmas[text] = window.sigmas(text);
    }
    var patterns = IntStream.range(0, batch).mapToObj(window::pattern).toList();
    return denoiser.logits(
        new Window(ids, positions, sigmas, patterns, window.settling()), cache, rows);
  }
}
