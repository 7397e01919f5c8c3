package dev.anneal.sample;

import dev.anneal.attention.CausalContext;
import dev.anneal.model.Denoiser;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.tensor.Rng;

/** A generator under test: its model, and the noise that a hyperschedule and a sampler undo. */
record Trial(Denoiser denoiser, Noise noise, Hyperschedule hyperschedule, Sampler sampler) {

  /** With the exact guesses of the Markov source. */
  static Trial exact(Noise noise, Hyperschedule hyperschedule, Sampler sampler) {
    return new Trial(new ExactDenoiser(noise.process()), noise, hyperschedule, sampler);
  }

  /** The ε-hybrid as the paper runs it. */
  static Noise noise(double epsilon) {
    return new Noise(new EpsilonHybrid(epsilon), new Linear());
  }

  Request request(Draft draft, long seed) {
    var decoding =
        new Decoding(hyperschedule, new CausalContext(), noise, sampler, TokenChoice.PLAIN);
    return new Request(draft, decoding, new Rng(seed), 0, Request.Caching.CACHED);
  }

  Generation generate(Draft draft, long seed) {
    return generate(draft, seed, Listener.NONE);
  }

  Generation generate(Draft draft, long seed, Listener listener) {
    return new Generator(denoiser).generate(request(draft, seed), listener);
  }
}
