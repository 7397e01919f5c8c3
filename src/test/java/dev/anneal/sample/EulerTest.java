package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.noise.Absorb;
import dev.anneal.noise.Chances;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.noise.Uniform;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Geometric;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One token, whose distribution is followed in numbers from call to call. */
final class EulerTest {
  private static final double[] SOURCE = {0.3, 0.1, 0.25, 0.15, 0.2};
  private static final int MASK = SOURCE.length;

  static List<Noise> noises() {
    return List.of(
        new Noise(new Absorb(), new Linear()),
        new Noise(new EpsilonHybrid(0.2), new Linear()),
        new Noise(new Uniform(), new LogLinear(0.01)),
        new Noise(new GammaHybrid(0.5), new Geometric(0.01, 5)));
  }

  /** How far a sampler ends from the noise's distribution, from time 3/4 to 1/4. */
  private static double distance(Sampler sampler, Noise noise, int levels) {
    double[] state = marginal(noise.at(0.75));
    for (int step = levels / 4; step < levels * 3 / 4; step++) {
      var transition = Transition.of(noise, new Flat(levels).partition(step, 1), 0);
      double[] next = new double[state.length];
      for (int now = 0; now <= MASK; now++) {
        addAfter(state[now], now, sampler, transition, next);
      }
      state = next;
    }
    double[] wanted = marginal(noise.at(0.25));
    double sum = 0;
    for (int now = 0; now <= MASK; now++) {
      sum += Math.abs(state[now] - wanted[now]);
    }
    return sum / 2;
  }

  private static double[] marginal(Chances chances) {
    double[] marginal = new double[MASK + 1];
    for (int word = 0; word < MASK; word++) {
      marginal[word] = chances.kept() * SOURCE[word] + chances.scattered() / MASK;
    }
    marginal[MASK] = chances.masked();
    return marginal;
  }

  /** Adds where a share of tokens goes in one call, as the sampler decides, to the next state. */
  private static void addAfter(
      double share, int now, Sampler sampler, Transition transition, double[] next) {
    double drawn = now == MASK ? chanceOfDraw(sampler, transition) : 1;
    Action action = now == MASK ? sampler.onMask(transition, 0) : sampler.onToken(transition, 0);
    double[] guess = guess(now, transition.before());
    if (drawn == 0 || !(action instanceof Action.Drawn some)) {
      next[now] += share;
      return;
    }
    var shares = new Pending(0, 0, some, 0, 0).shares(guess[Math.min(now, MASK - 1)], guess.length);
    next[now] += share * (1 - drawn + drawn * shares.now());
    for (int word = 0; word < MASK; word++) {
      next[word] += share * drawn * (shares.uniform() / MASK + shares.guess() * guess[word]);
    }
  }

  /** The event up to which a mask is lifted. */
  private static double chanceOfDraw(Sampler sampler, Transition transition) {
    double low = 0;
    double high = 1;
    for (int halving = 0; halving < 60; halving++) {
      double middle = (low + high) / 2;
      if (sampler.onMask(transition, middle) instanceof Action.Drawn) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** What the exact model guesses. */
  private static double[] guess(int now, Chances state) {
    double[] guess = SOURCE.clone();
    if (now != MASK) {
      for (int word = 0; word < MASK; word++) {
        guess[word] *= state.scattered() / MASK + (word == now ? state.kept() : 0);
      }
    }
    double total = Arrays.stream(guess).sum();
    return total == 0 ? SOURCE : Arrays.stream(guess).map(chance -> chance / total).toArray();
  }

  @ParameterizedTest
  @MethodSource("noises")
  void halvingTheStepsHalvesTheDistanceToTheNoisyMarginals(Noise noise) {
    for (int levels = 32; levels <= 128; levels *= 2) {
      double coarse = distance(new Euler(), noise, levels);
      assertThat(coarse).isGreaterThan(1e-4);
      assertThat(distance(new Euler(), noise, 2 * levels) / coarse)
          .as("levels " + levels)
          .isCloseTo(0.5, within(0.05));
    }
  }

  @ParameterizedTest
  @MethodSource("noises")
  void theAnalyticSamplerIsThereAtOnce(Noise noise) {
    for (int levels : new int[] {4, 8, 32}) {
      assertThat(distance(new Analytic(), noise, levels)).isLessThan(1e-12);
    }
  }

  @Test
  void fromNothingTheFirstCallLiftsNoMask() {
    var noise = new Noise(new Absorb(), new Linear());
    var first = Transition.of(noise, new Flat(3).partition(0, 1), 0);
    assertThat(new Euler().onMask(first, 0)).isEqualTo(Action.KEEP);
    assertThat(new Analytic().onMask(first, 0)).isNotEqualTo(Action.KEEP);
  }
}
