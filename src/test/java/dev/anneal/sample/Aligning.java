package dev.anneal.sample;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.CausalContext;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Answers for shifted windows with a denoiser of aligned ones: the slot of the token before becomes
 * the slot of the token, and one that is not fed becomes a mask, which tells nothing.
 */
record Aligning(Denoiser aligned) implements Denoiser {

  @Override
  public int tokens() {
    return aligned.tokens();
  }

  /** One place is the start's. */
  @Override
  public int length() {
    return aligned.length() + 1;
  }

  @Override
  public KvCache newCache(int batch, int length) {
    return KvCache.none();
  }

  @Override
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    int width = window.width();
    AttentionPattern shifted = window.pattern(0);
    // The emitter and the active ones see the last row, slots before the emitter do not.
    int emitter =
        (int) IntStream.range(0, width).filter(row -> !shifted.sees(row, width - 1)).count();
    int slots = Math.min(width, aligned.length());
    var patterns = new ArrayList<AttentionPattern>();
    int[][] ids = new int[window.batch()][];
    int[][] positions = new int[window.batch()][];
    double[][] sigmas = new double[window.batch()][];
    for (int i = 0; i < window.batch(); i++) {
      ids[i] = Arrays.copyOfRange(window.ids(i), 1, slots + 1);
      sigmas[i] = Arrays.copyOfRange(window.sigmas(i), 1, slots + 1);
      if (slots == width) {
        ids[i][slots - 1] = tokens();
      }
      positions[i] = IntStream.range(0, slots).toArray();
      patterns.add(
          AttentionPattern.settledActive(new CausalContext(), 0, emitter, slots - emitter));
    }
    var text = new Window(ids, positions, sigmas, List.copyOf(patterns), 0);
    int[] wanted = IntStream.of(rows).map(row -> text.flat(row / width, row % width)).toArray();
    return aligned.logits(text, cache, wanted);
  }
}
