package dev.anneal.cli;

import dev.anneal.sample.Correction;
import dev.anneal.sample.Request;
import dev.anneal.store.Model;
import dev.anneal.tensor.Rng;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code anneal generate} that name a text to be corrected. */
final class CorrectionOptions {

  @Option(
      names = "--correct",
      paramLabel = "TEXT",
      description =
          "Correct this text, which comes after the prompt, in place of writing one: tokens that"
              + " the model finds unlikely are drawn anew.")
  private @Nullable String text;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "The time at which the text enters, above 0 (clean) and below 1 (noise): more of it"
              + " changes the later it is (default: 0.3).")
  private @Nullable Double from;

  @Option(
      names = "--noised",
      description = "Noise the text to that time first; else it enters as it is.")
  private boolean noised;

  /**
   * Refuses a text to correct, where there are others to write.
   *
   * @throws IllegalArgumentException if one of the options is given
   */
  void requireNone() {
    if (text != null || from != null || noised) {
      throw new IllegalArgumentException(
          "--correct, --from, --noised with --prompts: expected --prompts alone");
    }
  }

  /**
   * The request to correct the text, or to write one if there is none.
   *
   * @throws IllegalArgumentException if an option does not fit the model or the others
   */
  Request request(GenerationOptions generation, Model model, Rng rng, int count) {
    if (text == null) {
      if (from != null || noised) {
        throw new IllegalArgumentException("--from, --noised: expected --correct with them");
      }
      return generation.request(model, rng, 0, count);
    }
    var entry = noised ? Correction.Entry.NOISED : Correction.Entry.GIVEN;
    var correction = new Correction(from == null ? Correction.USUAL_TIME : from, entry);
    return generation.request(model, rng, count, text, correction);
  }
}
