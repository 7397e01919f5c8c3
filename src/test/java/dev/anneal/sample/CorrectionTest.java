package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.anneal.noise.Noise;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of texts that are corrected, with exact guesses, against the source itself. */
final class CorrectionTest {
  private static final int SAMPLES = 5_000;
  private static final Noise MASKS = Trial.noise(0);
  private static final BitSet NOTHING = new BitSet();

  /** A text that the source hardly ever writes. */
  private static final int[] UNLIKELY = {1, 1, 3, 2};

  private static List<int[]> corrected(Trial trial, Draft texts, Correction how) {
    Request request = how.enter(trial.request(texts, 91), MarkovSource.WORDS);
    return new Generator(trial.denoiser()).generate(request, Listener.NONE).texts();
  }

  private static Draft texts(int[][] texts) {
    return new Draft(SettlingOrder.prompt(MarkovSource.LENGTH, 0), texts, 0);
  }

  private static Correction noised(double from) {
    return new Correction(from, Correction.Entry.NOISED);
  }

  private static Correction given(double from) {
    return new Correction(from, Correction.Entry.GIVEN);
  }

  private static void assertTexts(double[] chances, List<int[]> texts) {
    ChiSquare.assertDrawnFrom(
        chances, MarkovSource.count(texts, MarkovSource.TEXTS, MarkovSource::number));
  }

  /** Each of 16 sets of words may be masked: then it is drawn anew, given the others. */
  private static double[] drawnAnew(int[] text, double masked) {
    double[] chances = new double[MarkovSource.TEXTS];
    for (int set = 0; set < 16; set++) {
      double[] drawn = new double[MarkovSource.TEXTS];
      for (int number = 0; number < drawn.length; number++) {
        int[] other = MarkovSource.text(number);
        drawn[number] = agree(text, other, set) ? MarkovSource.chance(other) : 0;
      }
      double sum = Arrays.stream(drawn).sum();
      double chance = Math.pow(masked, Integer.bitCount(set));
      chance *= Math.pow(1 - masked, 4 - Integer.bitCount(set));
      for (int number = 0; number < drawn.length; number++) {
        chances[number] += chance * drawn[number] / sum;
      }
    }
    return chances;
  }

  private static boolean agree(int[] text, int[] other, int set) {
    for (int position = 0; position < text.length; position++) {
      if ((set >> position & 1) == 0 && text[position] != other[position]) {
        return false;
      }
    }
    return true;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.5, 0.75})
  void whatWasMaskedIsDrawnAnewGivenTheRest(double from) {
    var trial = Trial.exact(MASKS, new Flat(4), new FirstHitting());
    Draft one = Draft.given(NOTHING, UNLIKELY, SAMPLES);
    assertTexts(drawnAnew(UNLIKELY, from), corrected(trial, one, noised(from)));
  }

  @Test
  void theSourcesOwnTextsStayDistributedAsTheyAre() {
    var trial = Trial.exact(MASKS, new Flat(4), new FirstHitting());
    Draft own = texts(MarkovSource.draw(SAMPLES, new Rng(92)));
    assertTexts(MarkovSource.chances(), corrected(trial, own, noised(0.5)));
  }

  /** Read as a state, such a text tells exactly what each of its words may have been. */
  @Test
  void aTextGivenIsFreedOfWhatNoiseHasScattered() {
    int[][] scattered = MarkovSource.draw(SAMPLES, new Rng(93));
    var random = new Random(94);
    for (int[] text : scattered) {
      for (int position = 0; position < text.length; position++) {
        if (random.nextDouble() < 0.3) {
          text[position] = random.nextInt(MarkovSource.WORDS);
        }
      }
    }
    var trial = Trial.exact(Trial.noise(0.3), new Flat(8), new Analytic());
    List<int[]> texts = corrected(trial, texts(scattered), given(0.5));
    for (int position = 0; position < MarkovSource.LENGTH; position++) {
      int place = position;
      ChiSquare.assertDrawnFrom(
          MarkovSource.chances(MarkovSource.WORDS, text -> text[place]),
          MarkovSource.count(texts, MarkovSource.WORDS, text -> text[place]));
    }
  }

  @ParameterizedTest
  @EnumSource
  void wrongWordsMoveBackTowardsTheSource(Correction.Entry entry) {
    int[][] wrong = MarkovSource.draw(SAMPLES, new Rng(95));
    var random = new Random(96);
    for (int[] text : wrong) {
      int position = random.nextInt(MarkovSource.LENGTH);
      text[position] = (text[position] + 1 + random.nextInt(4)) % MarkovSource.WORDS;
    }
    var trial = Trial.exact(Trial.noise(0.1), new Flat(16), new AdaptiveCorrection(0.25));
    List<int[]> texts = corrected(trial, texts(wrong), new Correction(0.5, entry));
    double before = MarkovSource.meanLogChance(List.of(wrong));
    assertThat(MarkovSource.meanLogChance(texts)).isGreaterThan(before + 1);
    assertThat(distance(texts)).isLessThan(distance(List.of(wrong)) / 2);
  }

  private static double distance(List<int[]> texts) {
    double[] chances = MarkovSource.chances(25, CorrectionTest::firstPair);
    return ChiSquare.totalVariation(
        chances, MarkovSource.count(texts, 25, CorrectionTest::firstPair));
  }

  private static int firstPair(int[] text) {
    return text[0] * MarkovSource.WORDS + text[1];
  }

  @ParameterizedTest
  @EnumSource
  void knownTokensStayAndGapsAreFilled(Correction.Entry entry) {
    var known = new BitSet();
    known.set(0);
    known.set(2);
    Draft draft = Draft.given(known, new int[] {1, 1, 3, Draft.BLANK}, 200);
    var trial = Trial.exact(Trial.noise(0.1), new Flat(8), new AdaptiveCorrection(1));
    List<int[]> texts = corrected(trial, draft, new Correction(0.9, entry));
    assertThat(texts)
        .allSatisfy(text -> assertThat(List.of(text[0], text[2])).isEqualTo(List.of(1, 3)))
        .allSatisfy(text -> assertThat(text[3]).isBetween(0, 4))
        .anySatisfy(text -> assertThat(text[1]).isNotEqualTo(1));
  }

  @Test
  void aTextDependsOnItsOwnNumberOnly() {
    var trial = Trial.exact(Trial.noise(0.1), new Flat(8), new AdaptiveCorrection(0.5));
    var together = corrected(trial, Draft.given(NOTHING, UNLIKELY, 3), noised(0.5));
    Request second = trial.request(Draft.given(NOTHING, UNLIKELY, 1), 91);
    Request alone =
        new Request(second.draft(), second.decoding(), second.rng(), 1, second.caching());
    var texts =
        new Generator(trial.denoiser())
            .generate(noised(0.5).enter(alone, MarkovSource.WORDS), Listener.NONE)
            .texts();
    assertThat(texts.getFirst()).isEqualTo(together.get(1));
  }

  private static int firstStep(double from, int levels) {
    var trial = Trial.exact(MASKS, new Flat(levels), new AdaptiveCorrection(0.5));
    var request = noised(from).enter(trial.request(Draft.given(NOTHING, UNLIKELY, 1), 1), 5);
    var steps = new ArrayList<Integer>();
    new Generator(trial.denoiser())
        .generate(
            request,
            step -> {
              steps.add(step.partition().step());
              return Listener.Verdict.CONTINUE;
            });
    assertThat(steps).last().isEqualTo(levels - 1);
    return steps.getFirst();
  }

  @Test
  void itEntersAtTheNearestLevelBetweenCleanAndNoise() {
    assertThat(firstStep(0.5, 10)).isEqualTo(5);
    assertThat(firstStep(0.26, 10)).isEqualTo(7);
    assertThat(firstStep(0.001, 10)).isEqualTo(9);
    assertThat(firstStep(0.999, 10)).isEqualTo(1);
  }

  private static void assertRefused(
      Hyperschedule hyperschedule, Sampler sampler, Draft draft, String why) {
    Request request = Trial.exact(MASKS, hyperschedule, sampler).request(draft, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> given(0.5).enter(request, MarkovSource.WORDS))
        .withMessageContaining(why);
  }

  @Test
  void whatWouldCorrectNothingIsRefused() {
    var sampler = new AdaptiveCorrection(0.5);
    Draft draft = Draft.given(NOTHING, UNLIKELY, 1);
    assertRefused(new SlideAnnealing(2, 4), sampler, draft, "expected flat");
    assertRefused(new Flat(1), sampler, draft, "2 levels or more");
    for (Sampler lifting :
        List.of(new Ancestral(), new FirstHitting(), new Confidence(0.9), new Remdm(0))) {
      assertRefused(new Flat(8), lifting, draft, lifting.name() + " changes no token");
    }
    assertRefused(new Flat(8), new AdaptiveCorrection(0), draft, "changes no token");
    var all = new BitSet();
    all.set(0, 4);
    assertRefused(new Flat(8), sampler, Draft.given(all, UNLIKELY, 1), "nothing is to be");
    for (double from : new double[] {0, 1, -1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> given(from))
          .withMessageContaining("from " + from);
    }
  }
}
