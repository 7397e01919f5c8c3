package dev.anneal.train;

import dev.anneal.data.Chunks;
import dev.anneal.model.Denoiser;
import dev.anneal.objective.BoundEstimate;
import dev.anneal.objective.Noising;
import dev.anneal.tensor.Rng;
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

  public Validation {
    if (sequences < 1) {
      throw new IllegalArgumentException("sequences %d: expected at least 1".formatted(sequences));
    }
  }

  /** The estimate by the name of the hyperschedule. */
  public Map<String, BoundEstimate> measure(Denoiser denoiser, Mixture mixture) {
    var estimates = new LinkedHashMap<String, BoundEstimate>();
    for (Mixture.Part part : mixture.parts()) {
      estimates.put(part.name(), measure(denoiser, part.noising()));
    }
    return estimates;
  }

  private BoundEstimate measure(Denoiser denoiser, Noising noising) {
    int count = (int) Math.min(sequences, chunks.count());
    return BoundEstimate.measure(
        denoiser, noising, i -> chunks.sequence(i * chunks.count() / count), count, RNG);
  }
}
