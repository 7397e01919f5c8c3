package dev.anneal.objective;

import dev.anneal.model.Reading;
import dev.anneal.noise.Chances;
import dev.anneal.noise.Noise;
import dev.anneal.noise.StartScatter;
import dev.anneal.objective.Noising.Times;
import dev.anneal.schedule.Linear;
import java.util.List;

/**
 * A bound on −log p(x0) as a sum of parts, each an objective over its own draws.
 *
 * @param parts which add up, in expectation
 * @param constant nats per token that no network changes
 */
record Bound(List<Part> parts, double constant) {

  /**
   * One part.
   *
   * @param noising how sequences are noised
   * @param objective what their tokens cost
   * @param seen which of them
   */
  record Part(Noising noising, Objective objective, Seen seen) {}

  /**
   * The exact bound of a process and a network.
   *
   * @param noising hyperschedule, noise and conventions; its times and infill do not matter
   * @param reading what the network's outputs mean
   */
  static Bound of(Noising noising, Reading reading) {
    Noising generated = explained(noising.asGenerated());
    double prior = PriorCost.nats(generated.noise(), generated.corruption().realTokens());
    return reading == Reading.GUESS && StartScatter.of(noising.noise().process()).isPresent()
        ? ofCalls(generated, prior)
        : ofAllTimes(generated.withTimes(Times.CONTINUOUS), prior);
  }

  /**
   * Follows a noise on until nothing survives, where a survivor is what the prior never is. From
   * masks alone the linear schedule lifts as many in a call as a log-linear one; in continuous time
   * a bound does not depend on the schedule's shape.
   */
  private static Noising explained(Noising given) {
    Noise noise = given.noise();
    return Double.isInfinite(PriorCost.nats(noise, given.corruption().realTokens()))
        ? given.withNoise(new Noise(noise.process(), new Linear()))
        : given;
  }

  /**
   * That of the calls as they are made. What settling costs lies in few of them and is much of the
   * whole, so it is drawn apart.
   */
  private static Bound ofCalls(Noising noising, double prior) {
    var objective = HybridBound.of(noising.noise().process());
    return new Bound(
        List.of(
            new Part(noising, objective, Seen.SETTLING),
            new Part(noising, objective, Seen.STAYING)),
        prior);
  }

  /** That of a process in continuous time, which as many calls as one likes come close to. */
  private static Bound ofAllTimes(Noising noising, double prior) {
    var entropy = new Part(noising, new ScoreEntropy(ScoreEntropy.Form.EXACT), Seen.ALL);
    if (noising.noise().at(0).equals(Chances.CLEAN)) {
      return new Bound(List.of(entropy), prior);
    }
    var rest = new Part(noising.withTimes(Times.AFTER), new Reconstruction(), Seen.SETTLING);
    return new Bound(List.of(entropy, rest), prior);
  }
}
