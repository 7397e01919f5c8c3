package dev.anneal.sample;

import dev.anneal.noise.Noise;
import java.util.Locale;

/**
 * Decides what one call does to each active token. (docs/math.md, "Posterior" and "Refresh")
 *
 * <p>The decision is made before any guess is seen, from the token's state and one uniform draw, so
 * that only rows which are drawn go through the output head, and a call in which nothing is drawn
 * needs no model. ({@link Selective} samplers decide in two stages.) All members read the same draw
 * the same way: with η = 0 {@link AdaptiveCorrection} is {@link Ancestral}, draw for draw.
 *
 * <p>A member is a record; its name in recipes and on the command line is its type in kebab-case,
 * and {@code acs} is short for {@code adaptive-correction}.
 */
public sealed interface Sampler
    permits Ancestral,
        AdaptiveCorrection,
        ExactCorrection,
        Analytic,
        Euler,
        Remask,
        RemaskShuffle,
        Remdm,
        FirstHitting,
        Selective {

  /**
   * What happens to a mask.
   *
   * @param transition its way through the call
   * @param event uniform in [0, 1)
   */
  Action onMask(Transition transition, double event);

  /**
   * What happens to a real token.
   *
   * @param transition its way through the call
   * @param event uniform in [0, 1), the draw that {@link #onMask} would have had
   */
  Action onToken(Transition transition, double event);

  /**
   * When in the call a token is drawn. Those of one text that share a turn are drawn together, from
   * one evaluation of the model; others in rising order, each given those before. By default all
   * are drawn together.
   *
   * @param transition the token's way through the call
   * @param event the draw that decided its action
   */
  default double turn(Transition transition, double event) {
    return 0;
  }

  /**
   * Refuses a noise that the sampler cannot undo: most lift masks, and need a noise that has them.
   * Where it goes on scattering tokens, too, they are heuristics, and only those that redraw tokens
   * free a text of what was scattered when they found it.
   *
   * @throws IllegalArgumentException if the noise does not fit
   */
  default void requireFit(Noise noise) {
    if (noise.prior().masked() == 0) {
      throw new IllegalArgumentException(
          "%s never masks tokens: %s expects masks to lift; analytic fits every noise"
              .formatted(noise.process(), name()));
    }
  }

  /** Refuses a noise that goes on scattering tokens, for samplers that claim what it breaks. */
  static void requireOnlyMasks(Sampler sampler, Noise noise) {
    if (noise.goesOnScattering()) {
      throw new IllegalArgumentException(
          "%s goes on scattering tokens: %s expects a noise that only masks after its start, "
                  .formatted(noise.process(), sampler.name())
              + "such as absorb or epsilon-hybrid; analytic fits every noise");
    }
  }

  /** The name of the sampler to use if none is asked for: the paper's for the noise. */
  static String usual(Noise noise) {
    return noise.goesOnScattering() ? "analytic" : "adaptive-correction";
  }

  /** The name in recipes and on the command line. */
  default String name() {
    return getClass().getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /** The full name of a member that a user may call by the paper's abbreviation. */
  static String fullName(String name) {
    return name.equals("acs") ? "adaptive-correction" : name;
  }
}
