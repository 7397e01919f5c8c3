package dev.anneal.sample;

import dev.anneal.attention.Aligned;
import dev.anneal.attention.Alignment;
import dev.anneal.attention.SettledContext;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Hyperschedule;

/**
 * How texts are generated, whatever the texts.
 *
 * @param hyperschedule which noise level each unknown position has in each state
 * @param alignment which output guesses which token
 * @param context what settled tokens look at
 * @param noise what a noise level means
 * @param sampler what a call does to each active token
 * @param choice how a guess becomes a token
 */
public record Decoding(
    Hyperschedule hyperschedule,
    Alignment alignment,
    SettledContext context,
    Noise noise,
    Sampler sampler,
    TokenChoice choice) {

  /** Checks that the sampler can undo the noise, and that guidance has masks to hide tokens. */
  public Decoding {
    sampler.requireFit(noise);
    if (choice.guidance() > 0 && noise.prior().masked() == 0) {
      throw new IllegalArgumentException(
          "guidance %s hides known tokens behind masks, which %s does not have: expected 0"
              .formatted(choice.guidance(), noise.process()));
    }
  }

  /** What a token at the top level has to show. */
  Alignment.TopLevel topLevel() {
    return noise.goesOnScattering() ? Alignment.TopLevel.SHOWN : Alignment.TopLevel.BLANK;
  }

  /** With aligned outputs. */
  public Decoding(
      Hyperschedule hyperschedule,
      SettledContext context,
      Noise noise,
      Sampler sampler,
      TokenChoice choice) {
    this(hyperschedule, new Aligned(), context, noise, sampler, choice);
  }
}
