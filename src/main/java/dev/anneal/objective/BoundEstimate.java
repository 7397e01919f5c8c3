package dev.anneal.objective;

import dev.anneal.model.Denoiser;
import dev.anneal.tensor.Rng;
import java.util.function.IntFunction;

/**
 * The exact bound on a text ({@link SequenceBound}), calls drawn once for each sequence.
 *
 * @param nats per token, an upper bound on −log p in expectation over the draws
 * @param standardError of nats, over the sequences
 * @param sequences measured
 * @param tokens in them
 */
public record BoundEstimate(double nats, double standardError, int sequences, long tokens) {

  /** Sequences at a time, where their outputs do not need more than this many numbers. */
  private static final int LARGEST_BATCH = 8;

  private static final long LARGEST_OUTPUT = 1L << 26;

  /** The perplexity the bound stands for. */
  public double perplexity() {
    return Math.exp(nats);
  }

  /**
   * Measures a denoiser.
   *
   * @param noising hyperschedule, noise and conventions; its times and infill do not matter
   * @param sequences gives the i-th sequence of real tokens
   * @param count how many there are, at least 1
   * @param rng the same chance gives the same estimate
   */
  public static BoundEstimate measure(
      Denoiser denoiser, Noising noising, IntFunction<int[]> sequences, int count, Rng rng) {
    var bound = new SequenceBound(denoiser, noising, new SequenceBound.Draws(rng, count, 1));
    double[] nats = new double[count]; // of each sequence
    long[] tokens = new long[count];
    int together = together(denoiser, sequences.apply(0).length);
    for (int first = 0; first < count; first += together) {
      int start = first;
      var batch = new int[Math.min(together, count - first)][];
      for (int i = 0; i < batch.length; i++) {
        batch[i] = sequences.apply(first + i);
        tokens[first + i] = batch[i].length;
        nats[first + i] = bound.constant() * batch[i].length;
      }
      bound.measure(
          batch,
          first,
          costs -> {
            for (int row = 0; row < costs.count(); row++) {
              nats[start + costs.sequence(row)] += costs.nats(row);
            }
          });
    }
    return of(nats, tokens);
  }

  /**
   * How many sequences are best measured together: as many as their outputs fit.
   *
   * @param length tokens of the longest
   */
  public static int together(Denoiser denoiser, int length) {
    long fitting = LARGEST_OUTPUT / ((long) length * denoiser.tokens());
    return Math.clamp(fitting, 1, LARGEST_BATCH);
  }

  private static BoundEstimate of(double[] nats, long[] tokens) {
    double sum = 0;
    long total = 0;
    for (int i = 0; i < nats.length; i++) {
      sum += nats[i];
      total += tokens[i];
    }
    double mean = sum / total;
    double squares = 0;
    for (int i = 0; i < nats.length; i++) {
      double residual = nats[i] - mean * tokens[i];
      squares += residual * residual;
    }
    int count = nats.length;
    double error = count < 2 ? Double.NaN : Math.sqrt(squares * count / (count - 1.0)) / total;
    return new BoundEstimate(mean, error, count, total);
  }
}
