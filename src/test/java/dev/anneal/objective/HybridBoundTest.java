package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.noise.Fate;
import dev.anneal.objective.ExactNoise.Guess;
import dev.anneal.objective.ExactNoise.Token;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.tensor.InScope;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bound in expectation, by enumeration, against what it promises. */
@ExtendWith(InScope.class)
final class HybridBoundTest {
  private static final int TOKENS = 3;
  private static final int MASK = TOKENS;

  static Stream<Hyperschedule> hyperschedules() {
    return Stream.of(
        new Flat(1),
        new Flat(2),
        new Flat(7),
        new Quenched(),
        new BlockAnnealing(1, 3),
        new BlockAnnealing(2, 2),
        new SlideAnnealing(2, 3),
        new SlideAnnealing(3, 2));
  }

  static Stream<ExactNoise> noises() {
    return hyperschedules()
        .flatMap(
            hyperschedule ->
                Stream.of(0.0, 0.01, 0.3)
                    .map(epsilon -> new ExactNoise(hyperschedule, epsilon, TOKENS)));
  }

  private static double bound(ExactNoise noise, int[] clean, Guess guess) {
    return noise.expectation(clean, guess, new HybridBound(noise.epsilon()));
  }

  @ParameterizedTest
  @MethodSource("noises")
  void eachTokenCostsWhatTheTableSays(ExactNoise noise) {
    var toy = new ToyDenoiser(TOKENS, 3);
    int[] clean = {2, 0, 2};
    double expected =
        noise.expectation(clean, toy, (token, guess) -> tableEntry(token, guess, noise.epsilon()));
    assertThat(bound(noise, clean, toy)).isCloseTo(expected, within(1e-10));
  }

  @ParameterizedTest
  @MethodSource("noises")
  void itIsNeverBelowTheSurpriseOfTheModel(ExactNoise noise) {
    var toy = new ToyDenoiser(TOKENS, 2);
    for (int first = 0; first < TOKENS; first++) {
      for (int second = 0; second < TOKENS; second++) {
        int[] clean = {first, second};
        double surprise = -Math.log(new ExactChain(noise, toy).likelihood(clean));
        double bound = bound(noise, clean, toy);
        assertThat(bound).isGreaterThan(surprise - 1e-12);
        if (noise.hyperschedule().levels() == 1) {
          assertThat(bound).isCloseTo(surprise, within(1e-12));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 50})
  void forOneTokenAndTheGuessThatTheLossTeachesItIsTheEntropyOfTheSource(int levels) {
    double[] source = {0.6, 0.3, 0.1};
    Guess taught = (seen, position) -> taught(source, seen.getOrDefault(0, MASK));
    double entropy = 0.6 * Math.log(1 / 0.6) + 0.3 * Math.log(1 / 0.3) + 0.1 * Math.log(1 / 0.1);
    for (double epsilon : new double[] {0, 0.01, 0.3}) {
      var noise = new ExactNoise(new Flat(levels), epsilon, TOKENS);
      double mean = 0;
      for (int clean = 0; clean < TOKENS; clean++) {
        mean += source[clean] * bound(noise, new int[] {clean}, taught);
      }
      assertThat(mean).as("epsilon %s", epsilon).isCloseTo(entropy, within(1e-12));
    }
  }

  /** A token's guess by one who has seen as many scattered as kept ones. */
  private static double[] taught(double[] source, int noised) {
    if (noised == MASK) {
      return source;
    }
    return normalised(clean -> source[clean] * scattered(clean, noised, 0.5));
  }

  @ParameterizedTest
  @MethodSource("hyperschedules")
  void withoutScatterItIsTheBoundOfMaskedDiffusion(Hyperschedule hyperschedule) {
    var toy = new ToyDenoiser(TOKENS, 3);
    int[] clean = {1, 2, 0};
    var masking = new ExactNoise(hyperschedule, 0, TOKENS);
    double expected =
        masking.expectation(
            clean,
            toy,
            (token, guess) ->
                token.fate() == Fate.MASKED
                    ? -(token.before() - token.after())
                        / token.before()
                        * Math.log(guess[token.clean()])
                    : 0);
    assertThat(bound(masking, clean, toy)).isCloseTo(expected, within(1e-12));
    assertThat(bound(new ExactNoise(hyperschedule, 1e-9, TOKENS), clean, toy))
        .as("hardly any scatter")
        .isCloseTo(expected, within(1e-6));
  }

  @Test
  void asLevelsGrowItNearsTheIntegral() {
    var toy = new ToyDenoiser(TOKENS, 2);
    int[] clean = {2, 1};
    double integral = integral(clean, 0.2, toy);
    for (int levels : new int[] {10, 40, 160}) {
      double bound = bound(new ExactNoise(new Flat(levels), 0.2, TOKENS), clean, toy);
      assertThat(bound).as("%s levels", levels).isCloseTo(integral, within(2.0 / levels));
    }
  }

  /**
   * Of two tokens, ∫ 1/u · E Σ over the masked ones of KL, du, in closed form: with one token
   * masked, the other one is masked with chance u, on average over u in half of all cases.
   */
  private static double integral(int[] clean, double epsilon, Guess guess) {
    double sum = 0;
    for (int position = 0; position < 2; position++) {
      int other = 1 - position;
      sum +=
          divergence(guess.guess(Map.of(0, MASK, 1, MASK), position), clean[position], epsilon) / 2;
      for (int seen = 0; seen < TOKENS; seen++) {
        double chance = scattered(clean[other], seen, epsilon);
        double[] half = guess.guess(Map.of(position, MASK, other, seen), position);
        sum += chance * divergence(half, clean[position], epsilon) / 2;
        for (int own = 0; own < TOKENS; own++) {
          double both = chance * scattered(clean[position], own, epsilon);
          double[] decoder = guess.guess(Map.of(position, own, other, seen), position);
          sum -= both * Math.log(decoded(decoder, own, epsilon)[clean[position]]);
        }
      }
    }
    return sum;
  }

  @Test
  void anEpsilonOutsideItsRangeIsRefused() {
    for (double epsilon : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> new HybridBound(epsilon))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("epsilon " + epsilon);
    }
  }

  /** What docs/math.md says an active token costs in a call. */
  static double tableEntry(Token token, double[] guess, double epsilon) {
    if (token.fate() != Fate.MASKED) {
      return token.after() > 0
          ? 0
          : -Math.log(decoded(guess, token.noised(), epsilon)[token.clean()]);
    }
    return token.after() > 0
        ? (token.before() - token.after())
            / token.before()
            * divergence(guess, token.clean(), epsilon)
        : -Math.log(guess[token.clean()]);
  }

  /** C(clean)[token]. */
  private static double scattered(int clean, int token, double epsilon) {
    return epsilon / TOKENS + (clean == token ? 1 - epsilon : 0);
  }

  /** KL(C(clean) ‖ (1−ε) guess + ε uniform). */
  private static double divergence(double[] guess, int clean, double epsilon) {
    double sum = 0;
    for (int token = 0; token < TOKENS; token++) {
      double chance = scattered(clean, token, epsilon);
      if (chance > 0) {
        double mixture = (1 - epsilon) * guess[token] + epsilon / TOKENS;
        sum += chance * Math.log(chance / mixture);
      }
    }
    return sum;
  }

  /** The clean token given the scattered one, by a guess that the loss has taught. */
  static double[] decoded(double[] guess, int token, double epsilon) {
    return normalised(
        clean -> guess[clean] * scattered(clean, token, epsilon) / scattered(clean, token, 0.5));
  }

  private static double[] normalised(IntToDoubleFunction weight) {
    double sum = IntStream.range(0, TOKENS).mapToDouble(weight).sum();
    return IntStream.range(0, TOKENS).mapToDouble(weight).map(each -> each / sum).toArray();
  }
}
