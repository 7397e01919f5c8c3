package dev.anneal.sample;

import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;

/** Guesses the same for every row, and counts what it is asked for. */
final class FixedDenoiser implements Denoiser {
  private final int length;
  private final float[] logits;
  private long rows;
  private int calls;

  FixedDenoiser(int length, float... logits) {
    this.length = length;
    this.logits = logits.clone();
  }

  @Override
  public int tokens() {
    return logits.length;
  }

  @Override
  public int length() {
    return length;
  }

  /** How many guesses were asked for. */
  long rows() {
    return rows;
  }

  /** How often guesses were asked for. */
  int calls() {
    return calls;
  }

  @Override
  public KvCache newCache(int batch, int length) {
    return KvCache.none();
  }

  @Override
  public Tensor logits(Window window, KvCache cache, int[] wanted) {
    rows += wanted.length;
    calls++;
    float[] all = new float[wanted.length * logits.length];
    for (int row = 0; row < wanted.length; row++) {
      System.arraycopy(logits, 0, all, row * logits.length, logits.length);
    }
    return Tensors.of(all, wanted.length, logits.length);
  }
}
