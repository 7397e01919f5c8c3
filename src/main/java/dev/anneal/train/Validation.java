package dev.anneal.train;

import dev.anneal.data.Chunks;
import dev.anneal.model.Denoiser;
import dev.anneal.objective.HybridBound;
import dev.anneal.objective.NoisedBatch;
import dev.anneal.objective.Noising;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The exact bound on held-out text, under each hyperschedule of a mixture: the same sequences and
 * the same draws every time, so that a curve shows the model and not the chance.
 *
 * @param chunks the held-out sequences
 * @param sequences how many of them, spread over the text
 */
public record Validation(Chunks chunks, int sequences) {

  /** Nothing of a run depends on it; it only has to stay the same. */
  private static final Rng RNG = new Rng(0);

  private static final int BATCH = 8;

  public Validation {
    if (sequences < 1) {
      throw new IllegalArgumentException("sequences %d: expected at least 1".formatted(sequences));
    }
  }

  /** Nats per token by the name of the hyperschedule. */
  public Map<String, Double> measure(Denoiser denoiser, Mixture mixture) {
    var nats = new LinkedHashMap<String, Double>();
    for (Mixture.Part part : mixture.parts()) {
      nats.put(part.name(), measure(denoiser, part.noising().onGrid()));
    }
    return nats;
  }

  private double measure(Denoiser denoiser, Noising noising) {
    HybridBound bound = HybridBound.of(noising.noise().process());
    int total = (int) Math.min(sequences, chunks.count());
    double sum = 0;
    long tokens = 0;
    for (int first = 0; first < total; first += BATCH) {
      var batch = new int[Math.min(BATCH, total - first)][];
      for (int i = 0; i < batch.length; i++) {
        batch[i] = chunks.sequence((first + i) * chunks.count() / total);
      }
      try (Scope scope = Scope.withoutGradient()) {
        NoisedBatch noised = noising.draw(batch, new Noising.Draws(RNG, 0, first, total));
        sum += bound.sum(noised, denoiser).map(Tensor::item).orElse(0.0);
        tokens += noised.tokens();
      }
    }
    return sum / tokens;
  }
}
