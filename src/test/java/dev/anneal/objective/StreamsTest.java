package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.Aligned;
import dev.anneal.attention.Alignment;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.Shifted;
import dev.anneal.noise.Chances;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Fate;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.objective.ExactCalls.Token;
import dev.anneal.objective.Noising.Streams;
import dev.anneal.objective.Noising.Times;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Geometric;
import dev.anneal.schedule.HybridAnnealing;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Rng;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One call a window and many calls a window train the same: both have the mean that the calls have
 * by their definition. No width divides the length.
 */
@ExtendWith(InScope.class)
final class StreamsTest {
  private static final int TOKENS = 2;
  private static final int[] TEXT = {1, 0, 0, 1};
  private static final int START = 0;
  private static final int DRAWS = 1000;
  private static final double EPSILON = 0.3;
  private static final double GAMMA = 0.4;
  private static final double LAMBDA = 2;
  private static final double CEILING = 4;

  /** A false alarm of a right mean: below 1e-6 a test. */
  private static final double DEVIATIONS = 5;

  private final ToyDenoiser toy = new ToyDenoiser(TOKENS, TEXT.length + 1);

  static Stream<Noising> noisings() {
    List<Hyperschedule> hyperschedules =
        List.of(
            new Flat(3),
            new BlockAnnealing(3, 2),
            new SlideAnnealing(3, 3),
            new SlideAnnealing(3, 2),
            new HybridAnnealing(3, 2));
    List<Alignment> alignments = List.of(new Aligned(), new Shifted(START));
    return hyperschedules.stream()
        .flatMap(
            each -> alignments.stream().map(alignment -> noising(each).withAlignment(alignment)));
  }

  private static Noising noising(Hyperschedule hyperschedule) {
    var noise = new Noise(new EpsilonHybrid(EPSILON), new Linear());
    var corruption = new Corruption(TOKENS, TOKENS);
    return new Noising(hyperschedule, Times.GRID, new CausalContext(), noise, corruption);
  }

  @ParameterizedTest
  @MethodSource("noisings")
  void theCrossEntropyIsThatOfTheCalls(Noising noising) {
    var objective = new EpsilonCrossEntropy(LAMBDA, CEILING);
    assertMean(noising, objective, StreamsTest::crossEntropy);
    assertMean(noising.withTimes(Times.CONTINUOUS), objective, StreamsTest::crossEntropy);
  }

  @ParameterizedTest
  @MethodSource("noisings")
  void theBoundIsThatOfTheCalls(Noising noising) {
    double levels = noising.hyperschedule().levels();
    assertMean(
        noising,
        new HybridBound(EPSILON),
        (token, guess) -> levels * bound(token, guess)); // a sum over calls, not their mean
  }

  /** Where noise begins at once, a guess that knows nothing of its token costs a finite mean. */
  private static final Noise SCATTERING = new Noise(new GammaHybrid(GAMMA), new Geometric(0.3, 3));

  @ParameterizedTest
  @MethodSource("noisings")
  void theScoreEntropyIsThatOfTheCalls(Noising noising) {
    assertMean(
        noising.withNoise(SCATTERING).withTimes(Times.CONTINUOUS),
        new ScoreEntropy(ScoreEntropy.Form.EXACT),
        StreamsTest::scoreEntropy);
  }

  @ParameterizedTest
  @MethodSource("noisings")
  void theReconstructionIsThatOfTheCallsThatSettle(Noising noising) {
    double levels = noising.hyperschedule().levels();
    assertMean(
        noising.withNoise(SCATTERING).withTimes(Times.AFTER),
        new Reconstruction(),
        (token, guess) -> token.after() > 0 ? 0 : -levels * Math.log(guess[token.clean()]));
  }

  private void assertMean(Noising noising, Objective objective, ExactCalls.Cost cost) {
    double exact = new ExactCalls(noising, TOKENS).expectation(TEXT, toy, cost);
    for (Streams streams : Streams.values()) {
      double[] sums = sums(noising.withStreams(streams), objective);
      double mean = Arrays.stream(sums).average().orElseThrow();
      double squares = Arrays.stream(sums).map(sum -> (sum - mean) * (sum - mean)).sum();
      assertThat(mean)
          .as("%s, %s streams, %s", objective, streams, noising.times())
          .isCloseTo(exact, within(DEVIATIONS * Math.sqrt(squares) / DRAWS));
    }
  }

  /** The nats of each of many draws of the text. */
  private double[] sums(Noising noising, Objective objective) {
    int[][] sequences = Collections.nCopies(DRAWS, TEXT).toArray(int[][]::new);
    NoisedBatch batch = noising.draw(sequences, new Noising.Draws(new Rng(8), 0, 0, DRAWS));
    List<NoisedRow> asked = batch.rows().stream().filter(objective::asks).toList();
    double[] nats = objective.nats(asked, objective.outputs(batch, asked, toy)).toDoubles();
    double[] sums = new double[DRAWS];
    for (int row = 0; row < nats.length; row++) {
      sums[asked.get(row).flat() / batch.window().width()] += nats[row];
    }
    return sums;
  }

  /** By docs/math.md, with the schedule 1 − u. */
  private static double crossEntropy(Token token, double[] guess) {
    double real = LAMBDA * Math.min(1 / (1 - token.time()), CEILING);
    double weight =
        switch (token.fate()) {
          case MASKED -> 1 / token.time();
          case SCATTERED -> real * (1 - EPSILON);
          case KEPT -> real * EPSILON;
        };
    return -weight * Math.log(guess[token.clean()]);
  }

  /** By docs/math.md. */
  private static double bound(Token token, double[] guess) {
    if (token.fate() != Fate.MASKED) {
      return token.after() > 0 ? 0 : -Math.log(decoded(token, guess));
    }
    if (token.after() == 0) {
      return -Math.log(guess[token.clean()]);
    }
    double divergence = 0;
    for (int other = 0; other < TOKENS; other++) {
      double chance = EPSILON / TOKENS + (other == token.clean() ? 1 - EPSILON : 0);
      double guessed = (1 - EPSILON) * guess[other] + EPSILON / TOKENS;
      divergence += chance * Math.log(chance / guessed);
    }
    return (token.time() - token.after()) / token.time() * divergence;
  }

  /** The clean token's chance, by a guess that takes half of all tokens for scattered. */
  private static double decoded(Token token, double[] guess) {
    double[] weights = guess.clone();
    for (int other = 0; other < TOKENS; other++) {
      boolean shown = other == token.noised();
      weights[other] *= (EPSILON / TOKENS + (shown ? 1 - EPSILON : 0));
      weights[other] /= (0.5 / TOKENS + (shown ? 0.5 : 0));
    }
    return weights[token.clean()] / Arrays.stream(weights).sum();
  }

  /** σ′ Σ Q[x, y] (s − r log s + r (log r − 1)), where the scores are those of the guess. */
  private static double scoreEntropy(Token token, double[] guess) {
    Chances chances = SCATTERING.at(token.time());
    double sum = 0;
    for (int other = 0; other < TOKENS; other++) {
      if (other != token.noised()) {
        double score = 0;
        for (int clean = 0; clean < TOKENS; clean++) {
          score += guess[clean] * ratio(chances, token, other, clean);
        }
        double ratio = ratio(chances, token, other, token.clean());
        sum += score - ratio * Math.log(score) + ratio * (Math.log(ratio) - 1);
      }
    }
    double rate = token.fate() == Fate.MASKED ? 1 - GAMMA : GAMMA / TOKENS;
    double sigmaRate = SCATTERING.schedule().sigma(token.time()) * Math.log(3 / 0.3);
    return sigmaRate * rate * sum;
  }

  /** q(other | clean) / q(noised | clean). */
  private static double ratio(Chances chances, Token token, int other, int clean) {
    double chance = chances.scattered() / TOKENS + (other == clean ? chances.kept() : 0);
    double shown =
        token.noised() == TOKENS
            ? chances.masked()
            : chances.scattered() / TOKENS + (token.noised() == clean ? chances.kept() : 0);
    return chance / shown;
  }
}
