package dev.anneal.sample;

import dev.anneal.model.Denoiser;
import dev.anneal.schedule.Hyperschedule;
import java.time.Duration;

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
    Draft draft = request.draft();
    int length = draft.order().length();
    int longest = request.decoding().alignment().longest(denoiser.length());
    if (length > longest) {
      throw new IllegalArgumentException(
          "length %d is more than the model's: expected at most %d".formatted(length, longest));
    }
    draft.requireReal(denoiser.tokens());
    long start = System.nanoTime();
    try (var guesser = new Guesser(denoiser, request)) {
      var run = new GenerationRun(request, guesser);
      int state = walk(run, request, listener);
      var time = Duration.ofNanos(System.nanoTime() - start);
      return new Generation(run.texts(), request.settled(state), guesser.calls(), time);
    }
  }

  /** Makes the steps, and gives the state they end in. */
  private static int walk(GenerationRun run, Request request, Listener listener) {
    Hyperschedule hyperschedule = request.decoding().hyperschedule();
    int unknown = request.draft().order().unknown();
    for (int step = request.draft().step(); step < request.steps(); step++) {
      GenerationStep made = run.make(hyperschedule.partition(step, unknown));
      if (listener.onStep(made) == Listener.Verdict.STOP) {
        return step + 1;
      }
    }
    return request.steps();
  }
}
