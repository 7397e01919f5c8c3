package dev.anneal.sample;

import dev.anneal.model.Denoiser;
import java.util.List;

/**
 * Generates texts: walks down the hyperschedule, call by call, from noise to data.
 *
 * <p>The package's law: a known or settled token never changes; no mask is left when all is
 * settled; and every draw is a pure function of (seed, text, step, position), so that a text comes
 * out the same alone, in a batch, and without the cache.
 */
public final class Generator {
  private final Denoiser denoiser;

  /** Generates with the guesses of a model. */
  public Generator(Denoiser denoiser) {
    this.denoiser = denoiser;
  }

  /**
   * Completes the texts of a request.
   *
   * @param listener hears of each step, and may end the generation
   * @throws IllegalArgumentException if the text is longer than the model's, or has tokens that the
   *     model does not know
   */
  public Generation generate(Request request, Listener listener) {
    try (GenerationRun run = start(request)) {
      boolean wanted = true;
      while (wanted && !run.isDone()) {
        wanted = listener.onStep(run.step()) == Listener.Verdict.CONTINUE;
      }
      return run.generation();
    }
  }

  /**
   * Prepares to complete the texts of a request, step by step; close the run in the end.
   *
   * @throws IllegalArgumentException if the text is longer than the model's, or has tokens that the
   *     model does not know
   */
  public GenerationRun start(Request request) {
    Draft draft = request.draft();
    int length = draft.order().length();
    int longest = request.decoding().alignment().longest(denoiser.length());
    if (length > longest) {
      throw new IllegalArgumentException(
          "length %d is more than the model's: expected at most %d".formatted(length, longest));
    }
    draft.requireReal(denoiser.tokens());
    return new GenerationRun(request, new Guesser(denoiser, request));
  }

  /**
   * Brings runs of this model forward together: they share its call, whatever their texts, lengths,
   * hyperschedules and steps are. For most samplers a call is a step. If this throws, all runs are
   * as they were, and each may go on alone.
   *
   * @param runs started here and not done, each once
   */
  public Advance advance(List<GenerationRun> runs) {
    for (GenerationRun run : runs) {
      if (!run.denoiser().equals(denoiser)) {
        throw new IllegalArgumentException("a run asks another model: expected this one's runs");
      }
    }
    return Company.advance(runs);
  }
}
