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
    int[][] positions =
        IntStream.range(0, window.batch())
            .mapToObj(text -> places(window.positions(text), orders.get(text)))
            .toArray(int[][]::new);
    return denoiser.logits(window.at(positions), cache, rows);
  }

  private static int[] places(int[] places, int[] order) {
    return IntStream.of(places).map(place -> order[place]).toArray();
  }
}
