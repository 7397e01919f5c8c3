package dev.anneal.objective;

import dev.anneal.noise.Chances;
import dev.anneal.noise.Noise;

/**
 * What it costs that generation starts from a prior and not from the noised text: KL(q(x₁ | x0) ‖
 * prior), in nats per token. It is 0 where nothing of the text survives at time 1.
 */
final class PriorCost {
  private PriorCost() {}

  /**
   * The cost of a token; infinite if the text survives as a token that the prior never is.
   *
   * @param noise whose {@link Noise#prior} is the start
   * @param tokens N, the real tokens
   */
  static double nats(Noise noise, int tokens) {
    Chances last = noise.at(1);
    Chances prior = noise.prior();
    double anyLast = last.scattered() / tokens;
    double anyPrior = prior.scattered() / tokens;
    return term(last.masked(), prior.masked())
        + term(last.kept() + anyLast, anyPrior)
        + (tokens - 1) * term(anyLast, anyPrior);
  }

  /** p log(p/q). */
  private static double term(double chance, double prior) {
    return chance == 0 ? 0 : chance * Math.log(chance / prior);
  }
}
