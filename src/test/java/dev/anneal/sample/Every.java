package dev.anneal.sample;

import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.noise.Processes;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.HybridAnnealing;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SlideAnnealing;
import java.util.List;
import java.util.stream.Stream;

/** One of every kind, for contract tests. */
final class Every {
  static final List<Sampler> SAMPLER =
      List.of(
          new Ancestral(),
          new AdaptiveCorrection(0.5),
          new ExactCorrection(0.5),
          new Analytic(),
          new Euler(),
          new Remask(),
          new RemaskShuffle(0.5),
          new Remdm(0.3),
          new FirstHitting(),
          new Confidence(0.7),
          new EntropyBound(0.5));

  static final List<Noise> NOISE =
      Stream.concat(
              Processes.each().stream().map(process -> new Noise(process, new Linear())),
              Stream.of(
                  new Noise(new EpsilonHybrid(0.2), new LogLinear(0.1)),
                  new Noise(new GammaHybrid(0.3), new LogLinear(0.01))))
          .toList();

  /** For texts of a dozen tokens. */
  static final List<Hyperschedule> HYPERSCHEDULE =
      List.of(
          new Quenched(),
          new Flat(5),
          new BlockAnnealing(5, 3),
          new SlideAnnealing(4, 8),
          new HybridAnnealing(5, 2));

  private Every() {}

  /** What docs/math.md says: most samplers lift masks, and some claim what a scatter breaks. */
  static boolean fits(Sampler sampler, Noise noise) {
    if (sampler instanceof Analytic || sampler instanceof Euler) {
      return true;
    }
    boolean scatters = noise.process().rates(0.5).scattering() > 1e-6;
    boolean claims =
        sampler instanceof ExactCorrection
            || sampler instanceof FirstHitting
            || sampler instanceof Remdm;
    return claims ? !scatters : noise.process().rates(0.5).masking() > 1e-6;
  }

  /** The last noise that fits a sampler: with a prior of masks and tokens. */
  static Noise noisiest(Sampler sampler) {
    return NOISE.reversed().stream()
        .filter(noise -> fits(sampler, noise))
        .findFirst()
        .orElseThrow();
  }
}
