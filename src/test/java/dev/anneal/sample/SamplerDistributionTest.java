package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.anneal.attention.CausalContext;
import dev.anneal.attention.Shifted;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Chances;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Gidd;
import dev.anneal.noise.Noise;
import dev.anneal.noise.Uniform;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.HybridAnnealing;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the samplers draw when every guess is as perfect training leaves it, against the source. */
final class SamplerDistributionTest {
  private static final int SAMPLES = 10_000;
  private static final int MASK = MarkovSource.WORDS;
  private static final Draft NOTHING_KNOWN = Draft.prompt(new int[0], MarkovSource.LENGTH, SAMPLES);

  /** The cell of a text among 25, by its first two words. */
  private static int firstPair(int[] text) {
    return text[0] * MarkovSource.WORDS + text[1];
  }

  private static void assertDrawsTheSource(Trial trial, long seed) {
    var drawn = trial.generate(NOTHING_KNOWN, seed).texts();
    ChiSquare.assertDrawnFrom(
        MarkovSource.chances(),
        MarkovSource.count(drawn, MarkovSource.TEXTS, MarkovSource::number));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void atOneTokenACallAncestralDrawsTheSource(double epsilon) {
    assertDrawsTheSource(Trial.exact(Trial.noise(epsilon), new Quenched(), new Ancestral()), 1);
  }

  static List<Noise> noises() {
    return List.of(
        new Noise(new Absorb(), new Linear()),
        new Noise(new EpsilonHybrid(0.02), new Linear()),
        new Noise(new Uniform(), new Linear()),
        new Noise(new GammaHybrid(0.3), new Linear()),
        new Noise(new Gidd(0.3, 1), new Linear()),
        // A prior of 60 in 100 masks, and nearly nothing survives.
        new Noise(new GammaHybrid(0.9), new LogLinear(1e-4)));
  }

  /** What docs/math.md says is exact, where one token is active at a time, in several calls. */
  static Stream<Arguments> claims() {
    Noise absorb = Trial.noise(0);
    return Stream.concat(
        noises().stream().map(noise -> arguments(noise, new Analytic())),
        Stream.of(
            arguments(SCATTERED, new ExactCorrection(1)),
            arguments(absorb, new ExactCorrection(1)),
            arguments(absorb, new Ancestral()),
            arguments(absorb, new FirstHitting()),
            arguments(absorb, new Remask()),
            arguments(absorb, new RemaskShuffle(0.5)),
            arguments(absorb, new Remdm(0.3))));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void atOneTokenACallWhatClaimsToBeExactDrawsTheSource(Noise noise, Sampler sampler) {
    assertDrawsTheSource(Trial.exact(noise, new BlockAnnealing(1, 3), sampler), 31);
  }

  /** Whatever of its own noise a token's output is shown. */
  @ParameterizedTest
  @MethodSource("noises")
  void withShiftedOutputsTheAnalyticSamplerDrawsTheSource(Noise noise) {
    var decoding =
        new Decoding(
            new BlockAnnealing(1, 2),
            new Shifted(0),
            new CausalContext(),
            noise,
            new Analytic(),
            TokenChoice.PLAIN);
    var request = new Request(NOTHING_KNOWN, decoding, new Rng(34), 0, Request.Caching.UNCACHED);
    var shifted = new Aligning(new ExactDenoiser(noise.process()));
    var drawn = new Generator(shifted).generate(request, Listener.NONE).texts();
    ChiSquare.assertDrawnFrom(
        MarkovSource.chances(),
        MarkovSource.count(drawn, MarkovSource.TEXTS, MarkovSource::number));
  }

  @ParameterizedTest
  @MethodSource("noises")
  void anyNumberOfAnalyticStepsDrawsOneTokenOfTheSource(Noise noise) {
    double[] source = MarkovSource.chances(MarkovSource.WORDS, text -> text[0]);
    for (int steps : new int[] {1, 2, 8}) {
      var drawn =
          Trial.exact(noise, new Flat(steps), new Analytic())
              .generate(Draft.prompt(new int[0], 1, SAMPLES), 32)
              .texts();
      ChiSquare.assertDrawnFrom(
          source, MarkovSource.count(drawn, MarkovSource.WORDS, text -> text[0]));
    }
  }

  static List<Hyperschedule> fewCalls() {
    return List.of(new Flat(1), new Flat(3), new SlideAnnealing(3, 2), new BlockAnnealing(2, 1));
  }

  @ParameterizedTest
  @MethodSource("fewCalls")
  void firstHittingDrawsTheSourceInHoweverFewCalls(Hyperschedule hyperschedule) {
    assertDrawsTheSource(Trial.exact(Trial.noise(0), hyperschedule, new FirstHitting()), 33);
  }

  @Test
  void gapsAreFilledGivenWhatIsKnownOnBothSides() {
    int[] text = {Draft.BLANK, 3, Draft.BLANK, 0};
    double[] chances = new double[25];
    for (int cell = 0; cell < chances.length; cell++) {
      chances[cell] = MarkovSource.chance(new int[] {cell / 5, 3, cell % 5, 0});
    }
    double total = Arrays.stream(chances).sum();
    Arrays.setAll(chances, cell -> chances[cell] / total);
    var drawn =
        Trial.exact(Trial.noise(0), new Quenched(), new Ancestral())
            .generate(Draft.infill(text, SAMPLES), 2)
            .texts();
    ChiSquare.assertDrawnFrom(
        chances, MarkovSource.count(drawn, chances.length, filled -> filled[0] * 5 + filled[2]));
  }

  /** With L calls for all tokens, the chance that one call draws both of a pair is 1/L. */
  @Test
  void twiceTheStepsHalveTheDistanceToTheSource() {
    double[] chances = MarkovSource.chances(25, SamplerDistributionTest::firstPair);
    double before = distanceAfter(1, chances);
    for (int levels = 2; levels <= 8; levels *= 2) {
      double distance = distanceAfter(levels, chances);
      assertThat(distance / before).as("levels " + levels).isCloseTo(0.5, within(0.1));
      before = distance;
    }
  }

  private static double distanceAfter(int levels, double[] chances) {
    var trial = Trial.exact(Trial.noise(0), new Flat(levels), new Ancestral());
    var drawn = trial.generate(NOTHING_KNOWN, 3).texts();
    return ChiSquare.totalVariation(
        chances, MarkovSource.count(drawn, 25, SamplerDistributionTest::firstPair));
  }

  private static final Noise SCATTERED = Trial.noise(0.02);
  private static final Flat FOUR_LEVELS = new Flat(4);

  /** What claims to be exact for each token by itself, however many a call draws. */
  static Stream<Arguments> keepers() {
    var slide = new SlideAnnealing(3, 2);
    var hybrid = new HybridAnnealing(2, 2);
    Noise absorb = Trial.noise(0);
    Noise gamma = new Noise(new GammaHybrid(0.3), new Linear());
    return Stream.concat(
        noises().stream().map(noise -> arguments(noise, FOUR_LEVELS, new Analytic())),
        Stream.of(
            arguments(gamma, slide, new Analytic()),
            arguments(gamma, hybrid, new Analytic()),
            arguments(SCATTERED, slide, new Analytic()),
            arguments(SCATTERED, new BlockAnnealing(2, 3), new Analytic()),
            arguments(SCATTERED, FOUR_LEVELS, new ExactCorrection(0.3)),
            arguments(SCATTERED, slide, new ExactCorrection(1)),
            arguments(absorb, FOUR_LEVELS, new Ancestral()),
            arguments(absorb, slide, new Ancestral()),
            arguments(absorb, FOUR_LEVELS, new Remask()),
            arguments(absorb, hybrid, new Remask()),
            arguments(absorb, FOUR_LEVELS, new RemaskShuffle(0.5)),
            arguments(absorb, FOUR_LEVELS, new Remdm(0.2)),
            arguments(absorb, slide, new Remdm(1))));
  }

  @ParameterizedTest
  @MethodSource("keepers")
  void aCallKeepsTheNoisyMarginals(Noise noise, Hyperschedule hyperschedule, Sampler sampler) {
    for (int step = 0; step < hyperschedule.steps(MarkovSource.LENGTH); step++) {
      var texts = oneCallFromTheNoisyState(Trial.exact(noise, hyperschedule, sampler), step);
      for (int position = 0; position < MarkovSource.LENGTH; position++) {
        Chances state = chances(noise, hyperschedule, step + 1, position);
        ChiSquare.assertDrawnFrom(noisyMarginal(state, position), count(texts, position));
      }
    }
  }

  @Test
  void thePapersCorrectionPullsTheNoisyMarginalsTowardsCleanText() {
    Noise half = Trial.noise(0.5);
    var trial = Trial.exact(half, FOUR_LEVELS, new AdaptiveCorrection(1));
    var texts = oneCallFromTheNoisyState(trial, 2);
    double[] kept = noisyMarginal(chances(half, FOUR_LEVELS, 3, 0), 0);
    assertThat(ChiSquare.excess(kept, count(texts, 0))).isGreaterThan(1);
  }

  private static Chances chances(
      Noise noise, Hyperschedule hyperschedule, int state, int position) {
    int level = hyperschedule.level(state, position);
    return level == 0 ? Chances.CLEAN : noise.at(level / (double) hyperschedule.levels());
  }

  /** Texts after one call that starts from a state exactly as noisy as it should be. */
  private static List<int[]> oneCallFromTheNoisyState(Trial trial, int step) {
    int[][] texts = MarkovSource.draw(SAMPLES, new Rng(4));
    var random = new Random(5);
    for (int position = 0; position < MarkovSource.LENGTH; position++) {
      // The generator draws what is at the top level itself.
      boolean top = trial.hyperschedule().level(step, position) == trial.hyperschedule().levels();
      Chances chances = chances(trial.noise(), trial.hyperschedule(), step, position);
      for (int[] text : texts) {
        double fate = random.nextDouble();
        if (top || fate < chances.masked()) {
          text[position] = Draft.BLANK;
        } else if (fate < chances.masked() + chances.scattered()) {
          text[position] = random.nextInt(MarkovSource.WORDS);
        }
      }
    }
    var noisy = new Draft(SettlingOrder.prompt(MarkovSource.LENGTH, 0), texts, step);
    return trial.generate(noisy, 6, made -> Listener.Verdict.STOP).texts();
  }

  /** k·source + c·uniform + m·δ_mask at one position. */
  private static double[] noisyMarginal(Chances chances, int position) {
    double[] source = MarkovSource.chances(MarkovSource.WORDS, text -> text[position]);
    double[] noisy = new double[MarkovSource.WORDS + 1];
    for (int word = 0; word < source.length; word++) {
      noisy[word] = chances.kept() * source[word] + chances.scattered() / MarkovSource.WORDS;
    }
    noisy[MASK] = chances.masked();
    return noisy;
  }

  private static long[] count(List<int[]> texts, int position) {
    return MarkovSource.count(texts, MarkovSource.WORDS + 1, text -> text[position]);
  }

  /**
   * One wrong word in each text, half-way down 16 levels, ε = 0.1. Measured, in nats a text, of
   * which the source has −4.64: ancestral leaves −6.83; ACS reaches −4.86 with η = 0.25 and −3.92
   * with η = 1, which is past the source, as it does not put the noise back. The total variation of
   * the first two words from the source, 0.30, falls to 0.03 and 0.11.
   */
  @Test
  void adaptiveCorrectionMovesWrongTextsTowardsTheSource() {
    List<int[]> wrong = Arrays.asList(plantedWrongWords());
    assertThat(corrected(wrong, new Ancestral())).containsExactlyElementsOf(wrong);
    double[] chances = MarkovSource.chances(25, SamplerDistributionTest::firstPair);
    double before = MarkovSource.meanLogChance(wrong);
    for (double eta : new double[] {0.25, 1}) {
      var texts = corrected(wrong, new AdaptiveCorrection(eta));
      assertThat(MarkovSource.meanLogChance(texts)).isGreaterThan(before + 1);
      assertThat(distance(texts, chances)).isLessThan(distance(wrong, chances) / 2);
    }
  }

  private static double distance(List<int[]> texts, double[] chances) {
    return ChiSquare.totalVariation(
        chances, MarkovSource.count(texts, 25, SamplerDistributionTest::firstPair));
  }

  private static List<int[]> corrected(List<int[]> texts, Sampler sampler) {
    var order = SettlingOrder.prompt(MarkovSource.LENGTH, 0);
    var draft = new Draft(order, texts.toArray(int[][]::new), 8);
    return Trial.exact(Trial.noise(0.1), new Flat(16), sampler).generate(draft, 7).texts();
  }

  private static int[][] plantedWrongWords() {
    int[][] texts = MarkovSource.draw(SAMPLES, new Rng(8));
    var random = new Random(9);
    for (int[] text : texts) {
      int position = random.nextInt(MarkovSource.LENGTH);
      text[position] = (text[position] + 1 + random.nextInt(4)) % MarkovSource.WORDS;
    }
    return texts;
  }
}
