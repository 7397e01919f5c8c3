package dev.anneal.sample;

import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A model that keeps what it is shown, and what it says.
 *
 * @param denoiser who answers
 * @param windows what each call was shown
 * @param outputs what each call said, [row · vocab]
 */
record Watched(Denoiser denoiser, List<Window> windows, List<double[]> outputs)
    implements Denoiser {

  Watched(Denoiser denoiser) {
    this(denoiser, new ArrayList<>(), new ArrayList<>());
  }

  /** How many rows each call was fed. */
  List<Integer> widths() {
    return windows.stream().map(Window::width).toList();
  }

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
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    windows.add(window);
    Tensor logits = denoiser.logits(window, cache, rows);
    outputs.add(logits.toDoubles());
    return logits;
  }
}
