package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Chances;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Geometric;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.NoiseSchedule;
import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The estimate over drawn calls against what it estimates. */
final class BoundEstimateTest {
  private static final int SEQUENCES = 2000;
  private static final int TOKENS = 3;

  /** How often each token is the text, of {@link #SEQUENCES}: a text is one token. */
  private static final double[] SOURCE = {0.6, 0.3, 0.1};

  /** A false alarm of a right mean: below 1e-6 a test. */
  private static final double DEVIATIONS = 5;

  static Stream<Hyperschedule> hyperschedules() {
    return Stream.of(new Flat(4), new BlockAnnealing(2, 3), new SlideAnnealing(2, 3));
  }

  private static Noising noising(Hyperschedule hyperschedule, Noise noise) {
    return new Noising(
        hyperschedule,
        Noising.Times.GRID,
        new CausalContext(),
        noise,
        new Corruption(TOKENS, TOKENS));
  }

  private static int[] text(int sequence) {
    int of10 = sequence % 10;
    return new int[] {of10 < 6 ? 0 : of10 < 9 ? 1 : 2};
  }

  @ParameterizedTest
  @MethodSource("hyperschedules")
  void itsMeanIsTheBoundOverAllCallsAndAllNoise(Hyperschedule hyperschedule) {
    int[] text = {2, 0, 2};
    double epsilon = 0.3;
    var toy = new ToyDenoiser(TOKENS, text.length);
    var noise = new Noise(new EpsilonHybrid(epsilon), new Linear());
    double exact =
        new ExactNoise(hyperschedule, epsilon, TOKENS)
            .expectation(
                text, toy, (token, guess) -> HybridBoundTest.tableEntry(token, guess, epsilon));
    BoundEstimate estimate =
        BoundEstimate.measure(toy, noising(hyperschedule, noise), _ -> text, SEQUENCES, new Rng(3));
    assertThat(estimate.nats())
        .isCloseTo(exact / text.length, within(DEVIATIONS * estimate.standardError()));
    assertThat(estimate.tokens()).isEqualTo(3L * SEQUENCES);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2 * TOKENS})
  void costsDoNotDependOnHowManyOutputsAreLookedAtTogether(int portion) {
    var toy = new ToyDenoiser(TOKENS, 3);
    Noising noising =
        noising(new Flat(4), new Noise(new EpsilonHybrid(0.3), new Linear())).asGenerated();
    var draws = new SequenceBound.Draws(new Rng(3), 2, 4);
    assertThat(costs(new SequenceBound(toy, noising, draws, portion)))
        .isEqualTo(costs(new SequenceBound(toy, noising, draws)))
        .doesNotContain(0);
  }

  private static double[] costs(SequenceBound bound) {
    double[] costs = new double[6];
    bound.measure(
        new int[][] {{2, 0, 2}, {1, 1, 0}},
        0,
        part -> {
          for (int row = 0; row < part.count(); row++) {
            costs[3 * part.sequence(row) + part.token(row).position()] += part.nats(row);
          }
        });
    return costs;
  }

  /** Guesses by Bayes' rule from the one token it sees, as the cross-entropy would teach it. */
  private record Bayes(NoiseProcess process) implements Denoiser {

    @Override
    public int tokens() {
      return TOKENS;
    }

    @Override
    public int length() {
      return 1;
    }

    @Override
    public KvCache newCache(int batch, int length) {
      return KvCache.none();
    }

    /** {@inheritDoc} In float64. */
    @Override
    public Tensor logits(Window window, KvCache cache, int[] rows) {
      double[] logits = new double[rows.length * TOKENS];
      for (int i = 0; i < rows.length; i++) {
        int sequence = rows[i] / window.width();
        for (int clean = 0; clean < TOKENS; clean++) {
          double seen = seen(window.ids(sequence)[0], clean, window.sigmas(sequence)[0]);
          logits[i * TOKENS + clean] = Math.log(SOURCE[clean] * seen);
        }
      }
      return Tensors.of(logits, rows.length, TOKENS);
    }

    /** The chance of what is seen, up to a factor; the ε-hybrid's loss weighs half as scattered. */
    private double seen(int id, int clean, double sigma) {
      if (id == TOKENS) {
        return 1;
      }
      if (process instanceof EpsilonHybrid(double epsilon)) {
        return epsilon == 0 ? (id == clean ? 1 : 1e-300) : (id == clean ? TOKENS + 1 : 1);
      }
      Chances chances = process.chances(Math.exp(-sigma));
      return chances.scattered() / TOKENS + (id == clean ? chances.kept() : 0);
    }
  }

  static Stream<Noise> noises() {
    return Stream.of(
        new Noise(new EpsilonHybrid(0), new Linear()),
        new Noise(new EpsilonHybrid(0), new LogLinear(0.1)),
        new Noise(new EpsilonHybrid(0.3), new Linear()),
        new Noise(new EpsilonHybrid(0.3), new LogLinear(0.4)),
        new Noise(new GammaHybrid(0.4), new LogLinear(0.1)),
        new Noise(new GammaHybrid(0.4), new Geometric(0.2, 3)));
  }

  /** The start is not the source's own at time 1, and costs as much as the two differ. */
  @ParameterizedTest
  @MethodSource("noises")
  void ofAPerfectModelItIsTheEntropyOfTheSourceAndTheCostOfTheStart(Noise noise) {
    double expected = divergenceOfTheStart(noise);
    for (double chance : SOURCE) {
      expected -= chance * Math.log(chance);
    }
    BoundEstimate estimate =
        BoundEstimate.measure(
            new Bayes(noise.process()),
            noising(new Flat(4), noise),
            BoundEstimateTest::text,
            SEQUENCES,
            new Rng(3));
    assertThat(estimate.nats()).isCloseTo(expected, within(DEVIATIONS * estimate.standardError()));
  }

  /** KL(q(x1) ‖ prior); the schedule is followed on where the prior never is what survives. */
  private static double divergenceOfTheStart(Noise noise) {
    Chances last = noise.at(1);
    Chances prior = noise.prior();
    if (last.kept() == 0 || prior.scattered() == 0) {
      return 0;
    }
    double sum = last.masked() * Math.log(last.masked() / prior.masked());
    for (double chance : SOURCE) {
      double marginal = last.kept() * chance + last.scattered() / TOKENS;
      sum += marginal * Math.log(marginal * TOKENS / prior.scattered());
    }
    return sum;
  }

  /** MDLM's schedule leaves a survivor, of which its prior, all masks, knows nothing. */
  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.1, 0.5})
  void whatSurvivesAtTimeOneIsNotForFree(double floor) {
    NoiseSchedule schedule = new LogLinear(floor);
    int[] text = {2};
    var toy = new ToyDenoiser(TOKENS, 1);
    double guessed = toy.guess(Map.of(0, TOKENS), 0)[2];
    var noising = noising(new Flat(1), new Noise(new Absorb(), schedule));
    assertThat(BoundEstimate.measure(toy, noising, _ -> text, 10, new Rng(3)).nats())
        .isCloseTo(-Math.log(guessed), within(1e-12));
  }

  @Test
  void aModelThatGuessesEveryTokenAlikeCostsTheLogOfTheVocabulary() {
    var alike =
        new Denoiser() {
          @Override
          public int tokens() {
            return TOKENS;
          }

          @Override
          public int length() {
            return 8;
          }

          @Override
          public KvCache newCache(int batch, int length) {
            return KvCache.none();
          }

          @Override
          public Tensor logits(Window window, KvCache cache, int[] rows) {
            return Tensors.of(new double[rows.length * TOKENS], rows.length, TOKENS);
          }
        };
    int[] text = IntStream.range(0, 8).map(position -> position % TOKENS).toArray();
    var noise = new Noise(new Absorb(), new Linear());
    for (Hyperschedule each : Arrays.asList(new Flat(5), new SlideAnnealing(3, 4))) {
      BoundEstimate estimate =
          BoundEstimate.measure(alike, noising(each, noise), _ -> text, SEQUENCES, new Rng(3));
      assertThat(estimate.nats())
          .isCloseTo(Math.log(TOKENS), within(DEVIATIONS * estimate.standardError()));
      assertThat(estimate.perplexity()).isCloseTo(TOKENS, within(0.2));
    }
  }
}
