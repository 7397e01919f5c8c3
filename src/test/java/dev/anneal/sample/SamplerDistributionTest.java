package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the samplers draw when every guess is exact, against the source itself. */
final class SamplerDistributionTest {
  private static final int SAMPLES = 10_000;
  private static final int MASK = MarkovSource.WORDS;
  private static final Draft NOTHING_KNOWN = Draft.prompt(new int[0], MarkovSource.LENGTH, SAMPLES);

  /** The cell of a text among 25, by its first two words. */
  private static int firstPair(int[] text) {
    return text[0] * MarkovSource.WORDS + text[1];
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void atOneTokenACallAncestralDrawsTheSource(double epsilon) {
    var drawn =
        Trial.exact(epsilon, new Quenched(), new Ancestral()).generate(NOTHING_KNOWN, 1).texts();
    ChiSquare.assertDrawnFrom(
        MarkovSource.chances(),
        MarkovSource.count(drawn, MarkovSource.TEXTS, MarkovSource::number));
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
        Trial.exact(0, new Quenched(), new Ancestral())
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
    var trial = Trial.exact(0, new Flat(levels), new Ancestral());
    var drawn = trial.generate(NOTHING_KNOWN, 3).texts();
    return ChiSquare.totalVariation(
        chances, MarkovSource.count(drawn, 25, SamplerDistributionTest::firstPair));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1})
  void exactCorrectionKeepsTheNoisyMarginals(double eta) {
    for (int step = 0; step < 4; step++) {
      var texts = oneCallFromTheNoisyState(step, new ExactCorrection(eta));
      for (int position = 0; position < MarkovSource.LENGTH; position++) {
        ChiSquare.assertDrawnFrom(noisyMarginal(step + 1, position), count(texts, position));
      }
    }
  }

  @Test
  void thePapersCorrectionPullsTheNoisyMarginalsTowardsCleanText() {
    var texts = oneCallFromTheNoisyState(2, new AdaptiveCorrection(1));
    assertThat(ChiSquare.excess(noisyMarginal(3, 0), count(texts, 0))).isGreaterThan(1);
  }

  private static final double EPSILON = 0.5;
  private static final Flat FOUR_LEVELS = new Flat(4);

  /** Texts after one call that starts from a state exactly as noisy as it should be. */
  private static List<int[]> oneCallFromTheNoisyState(int step, Sampler sampler) {
    int[][] texts = MarkovSource.draw(SAMPLES, new Rng(4));
    var random = new Random(5);
    for (int[] text : texts) {
      for (int position = 0; position < text.length; position++) {
        if (random.nextDouble() < (4 - step) / 4.0) {
          text[position] = Draft.BLANK;
        } else if (random.nextDouble() < EPSILON) {
          text[position] = random.nextInt(MarkovSource.WORDS);
        }
      }
    }
    var noisy = new Draft(SettlingOrder.prompt(MarkovSource.LENGTH, 0), texts, step);
    return Trial.exact(EPSILON, FOUR_LEVELS, sampler)
        .generate(noisy, 6, made -> Listener.Verdict.STOP)
        .texts();
  }

  /** p·δ_mask + (1 − p)·C(source) at one position; the source itself in the last state. */
  private static double[] noisyMarginal(int state, int position) {
    double masked = (4 - state) / 4.0;
    double scattered = state == 4 ? 0 : EPSILON;
    double[] source = MarkovSource.chances(MarkovSource.WORDS, text -> text[position]);
    double[] noisy = new double[MarkovSource.WORDS + 1];
    for (int word = 0; word < source.length; word++) {
      noisy[word] =
          (1 - masked) * ((1 - scattered) * source[word] + scattered / MarkovSource.WORDS);
    }
    noisy[MASK] = masked;
    return noisy;
  }

  private static long[] count(List<int[]> texts, int position) {
    return MarkovSource.count(texts, MarkovSource.WORDS + 1, text -> text[position]);
  }

  /**
   * One wrong word in each text, half-way down 16 levels, ε = 0.1. Measured, in nats a text, of
   * which the source has −4.64: ancestral leaves −6.84; ACS reaches −5.45 with η = 0.25 and −4.11
   * with η = 1, which is past the source, as it does not put the noise back. The total variation of
   * the first two words from the source, 0.30, falls to 0.12 and 0.08.
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
    return Trial.exact(0.1, new Flat(16), sampler).generate(draft, 7).texts();
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
