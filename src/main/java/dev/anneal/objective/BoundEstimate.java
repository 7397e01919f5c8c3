package dev.anneal.objective;

import dev.anneal.model.Denoiser;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The exact bound on a text, estimated by drawing calls, at levels that are stratified over the
 * sequences. For a network that guesses, under the ε family, it is that of the calls as they are
 * made ({@link HybridBound}); else that of the process in continuous time ({@link ScoreEntropy}),
 * with what the prior and the start cost.
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
    Bound bound = Bound.of(noising, denoiser.reading());
    double[] nats = new double[count]; // of each sequence
    long[] tokens = new long[count];
    int together = together(denoiser, sequences.apply(0).length);
    for (int first = 0; first < count; first += together) {
      var batch = new int[Math.min(together, count - first)][];
      for (int i = 0; i < batch.length; i++) {
        batch[i] = sequences.apply(first + i);
        tokens[first + i] = batch[i].length;
        nats[first + i] = bound.constant() * batch[i].length;
      }
      try (Scope scope = Scope.withoutGradient()) {
        for (int part = 0; part < bound.parts().size(); part++) {
          var draws = new Noising.Draws(rng, part, first, count);
          add(bound.parts().get(part), batch, draws, denoiser, nats);
        }
      }
    }
    return of(nats, tokens);
  }

  private static int together(Denoiser denoiser, int length) {
    long fitting = LARGEST_OUTPUT / ((long) length * denoiser.tokens());
    return Math.clamp(fitting, 1, LARGEST_BATCH);
  }

  private static void add(
      Bound.Part part, int[][] sequences, Noising.Draws draws, Denoiser denoiser, double[] nats) {
    Objective objective = part.objective();
    NoisedBatch batch = part.noising().draw(sequences, draws, part.seen());
    List<NoisedRow> asked = batch.rows().stream().filter(objective::asks).toList();
    if (asked.isEmpty()) {
      return;
    }
    double[] each =
        objective
            .nats(asked, objective.outputs(batch, asked, denoiser).to(DType.FLOAT64))
            .toDoubles();
    for (int row = 0; row < each.length; row++) {
      nats[draws.first() + asked.get(row).flat() / batch.window().width()] += each[row];
    }
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
