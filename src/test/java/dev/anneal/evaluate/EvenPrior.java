package dev.anneal.evaluate;

import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.noise.Chances;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;

/**
 * Bayes' guess of one who takes all texts of five tokens for equally likely, from the token that a
 * row shows.
 *
 * @param length the longest text
 * @param process that noised it
 */
record EvenPrior(int length, NoiseProcess process) implements Denoiser {
  static final int TOKENS = 5;

  @Override
  public int tokens() {
    return TOKENS;
  }

  @Override
  public KvCache newCache(int batch, int length) {
    return KvCache.none();
  }

  @Override
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    double[] logits = new double[rows.length * TOKENS];
    for (int i = 0; i < rows.length; i++) {
      int sequence = rows[i] / window.width();
      int at = rows[i] % window.width();
      int shown = window.ids(sequence)[at];
      for (int clean = 0; clean < TOKENS && shown != TOKENS; clean++) {
        double sigma = window.sigmas(sequence)[at];
        logits[i * TOKENS + clean] = Math.log(chance(shown, clean, sigma));
      }
    }
    return Tensors.of(logits, rows.length, TOKENS);
  }

  /** Of what is shown, up to a factor; an ε-hybrid is taught with half of all tokens scattered. */
  private double chance(int shown, int clean, double sigma) {
    if (process instanceof EpsilonHybrid) {
      return shown == clean ? TOKENS + 1 : 1;
    }
    Chances chances = process.chances(Math.exp(-sigma));
    return Math.max(1e-300, chances.scattered() / TOKENS + (shown == clean ? chances.kept() : 0));
  }
}
