package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.Aligned;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.data.ByteTokenizer;
import dev.anneal.data.Tokenizer;
import dev.anneal.evaluate.LikelihoodDetails.PositionLoss;
import dev.anneal.evaluate.LikelihoodDetails.Unit;
import dev.anneal.evaluate.LossTally.Denominator;
import dev.anneal.evaluate.Passages.Cut;
import dev.anneal.model.Denoiser;
import dev.anneal.model.Network;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.noise.Uniform;
import dev.anneal.objective.Noising;
import dev.anneal.objective.SequenceBound;
import dev.anneal.objective.ToyDenoiser;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.store.Model;
import dev.anneal.store.TinyModel;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole texts measured, in parts and batches of any size. */
final class TextMeasurementTest {
  private static final Tokenizer BYTES = new ByteTokenizer();
  private static final int END = BYTES.end();
  private static final int LENGTH = 6;

  @TempDir private Path folder;

  /** Documents of several lengths: eight whole sequences, and a shorter rest. */
  private static int[] text() {
    return IntStream.range(0, 51).map(i -> i % 7 == 6 || i == 50 ? END : 'a' + i % 5).toArray();
  }

  private static Passages passages(int length) {
    return new Passages(new ArrayCorpus(text()), BYTES, Cut.ALL, length, new Rng(1));
  }

  private static Noising noising(Hyperschedule hyperschedule, Noise noise, SettledContext context) {
    return new Noising(
        hyperschedule,
        Noising.Times.GRID,
        context,
        noise,
        new Corruption(BYTES.size(), BYTES.mask()));
  }

  private static ExactBound exact(
      Denoiser denoiser, Noising noising, int sequences, int draws, int batch) {
    return new ExactBound(
        denoiser, noising, new SequenceBound.Draws(new Rng(5), sequences, draws), new Batch(batch));
  }

  /** Makes an estimator of a denoiser that measures so much at once. */
  interface Estimators {
    SequenceEstimator of(Denoiser denoiser, int sequences, int batch);
  }

  static Stream<Estimators> estimators() {
    var epsilon = new Noise(new EpsilonHybrid(0.1), new Linear());
    var gamma = new Noise(new GammaHybrid(0.1), new LogLinear(0.01));
    var uniform = new Noise(new Uniform(), new LogLinear(0.01));
    return Stream.of(
        (denoiser, sequences, batch) ->
            exact(
                denoiser,
                noising(new BlockAnnealing(3, 2), epsilon, new CausalContext()),
                sequences,
                2,
                batch),
        (denoiser, sequences, batch) ->
            exact(
                denoiser,
                noising(new SlideAnnealing(2, 3), gamma, new CausalContext()),
                sequences,
                1,
                batch),
        (denoiser, sequences, batch) ->
            exact(denoiser, noising(new Flat(4), uniform, new FullContext()), sequences, 1, batch),
        (denoiser, sequences, batch) ->
            new MaskedLikelihood(
                denoiser, new Aligned(), new RandomMasks(3), new Rng(5), new Batch(batch)),
        (denoiser, sequences, batch) ->
            new MaskedLikelihood(
                denoiser, new Aligned(), new ChainRule(), new Rng(5), new Batch(batch)));
  }

  /** The text's likelihood, of which each part is measured by somebody else. */
  private static TextLikelihood measured(SequenceEstimator estimator, Passages passages, int part)
      throws IOException {
    var measurement = new TextMeasurement(passages, passages.count(), estimator);
    var tally = new LossTally(measurement, BYTES, Denominator.MEASURED);
    for (int first = 0; first < passages.count(); first += part) {
      measurement.measure(first, Math.min(passages.count(), first + part), tally::add);
    }
    return tally.likelihood();
  }

  @ParameterizedTest
  @MethodSource("estimators")
  void batchAndPartsChangeNothing(Estimators estimators) throws IOException {
    Passages passages = passages(LENGTH);
    var toy = new ToyDenoiser(BYTES.size(), LENGTH); // in float64, row by row
    TextLikelihood alone = measured(estimators.of(toy, passages.count(), 1), passages, 1);
    assertThat(alone.details().size().tokens()).isEqualTo(51);
    for (int batch : new int[] {2, 3, 8}) {
      for (int part : new int[] {1, 4, 9}) {
        SequenceEstimator estimator = estimators.of(toy, passages.count(), batch);
        assertThat(measured(estimator, passages, part)).isEqualTo(alone);
      }
    }
  }

  /** Outputs of other batches are rounded in other ways; parts of whole batches are not. */
  @ParameterizedTest
  @MethodSource("estimators")
  void aNetworksRoundingIsAllThatABatchChanges(Estimators estimators) throws IOException {
    TinyModel.save(folder.resolve("tiny"), LENGTH, new Noise(new Absorb(), new Linear()));
    try (Model model = Model.load(folder.resolve("tiny"), Device.CPU)) {
      Network network = model.network();
      Passages passages = passages(LENGTH);
      SequenceEstimator eight = estimators.of(network, passages.count(), 8);
      TextLikelihood whole = measured(eight, passages, passages.count());
      assertThat(measured(eight, passages, eight.together())).isEqualTo(whole);
      double alone =
          measured(estimators.of(network, passages.count(), 1), passages, 1).nats().value();
      assertThat(alone).isCloseTo(whole.nats().value(), within(1e-5));
    }
  }

  @Test
  void anEvenGuessHasThePerplexityOfTheVocabulary() throws IOException {
    Passages passages = passages(LENGTH);
    var even = new EvenDenoiser(BYTES.size(), LENGTH);
    Noising quenched =
        noising(new Quenched(), new Noise(new Absorb(), new Linear()), new CausalContext());
    for (SequenceEstimator drawless :
        List.of(
            exact(even, quenched, passages.count(), 1, 4),
            new MaskedLikelihood(even, new Aligned(), new ChainRule(), new Rng(2)))) {
      assertThat(measured(drawless, passages, 9).perplexity().value()).isCloseTo(257, within(1e-6));
    }
  }

  static Stream<Noise> noises() {
    return Stream.of(
        new Noise(new Absorb(), new Linear()),
        new Noise(new EpsilonHybrid(0.2), new Linear()),
        new Noise(new GammaHybrid(0.2), new LogLinear(1e-5)),
        new Noise(new Uniform(), new LogLinear(1e-5)));
  }

  /** Whose guess knows that a token it sees may be the clean one, and nothing else. */
  @ParameterizedTest
  @MethodSource("noises")
  void whoTakesAllTextsForEquallyLikelyHasThePerplexityOfTheVocabulary(Noise noise) {
    var even = new EvenPrior(LENGTH, noise.process());
    var noising =
        new Noising(
            new Flat(16),
            Noising.Times.GRID,
            new FullContext(),
            noise,
            new Corruption(EvenPrior.TOKENS, EvenPrior.TOKENS));
    var bound =
        new ExactBound(even, noising, new SequenceBound.Draws(new Rng(4), 500, 1), new Batch(500));
    int[][] texts = new int[500][];
    Arrays.setAll(texts, i -> new int[] {i % 5, i % 3, i % 4, (i + 2) % 5, i % 2, 4});
    double[] nats =
        bound.losses(texts, 0).stream()
            .mapToDouble(loss -> Arrays.stream(loss.nats()).sum())
            .toArray();
    Estimate mean = Estimate.mean(nats).times(1.0 / LENGTH);
    assertThat(mean.value())
        .isCloseTo(
            Math.log(EvenPrior.TOKENS), within(5 * mean.standardError().orElseThrow() + 1e-4));
  }

  @Test
  void moreDrawsChangeTheErrorAndNotTheMean() throws IOException {
    Passages passages = passages(LENGTH);
    var toy = new ToyDenoiser(BYTES.size(), LENGTH);
    Noising noising =
        noising(new Flat(6), new Noise(new EpsilonHybrid(0.1), new Linear()), new FullContext());
    double[] few =
        IntStream.range(0, 40).mapToDouble(seed -> nats(toy, noising, passages, seed, 1)).toArray();
    double[] many =
        IntStream.range(0, 40).mapToDouble(seed -> nats(toy, noising, passages, seed, 8)).toArray();
    Estimate once = Estimate.mean(few);
    Estimate often = Estimate.mean(many);
    assertThat(once.value())
        .isCloseTo(often.value(), within(5 * once.standardError().orElseThrow()));
    assertThat(often.standardError().orElseThrow())
        .isLessThan(once.standardError().orElseThrow() / 2);
  }

  private static double nats(
      Denoiser denoiser, Noising noising, Passages passages, int seed, int draws) {
    var draw = new SequenceBound.Draws(new Rng(seed), passages.count(), draws);
    try {
      return measured(new ExactBound(denoiser, noising, draw, new Batch(9)), passages, 9)
          .nats()
          .value();
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Test
  void lossesAreAddedByDocumentAndByPosition() throws IOException {
    Passages passages = passages(LENGTH);
    var toy = new ToyDenoiser(BYTES.size(), LENGTH);
    var chain = new MaskedLikelihood(toy, new Aligned(), new ChainRule(), new Rng(1), new Batch(1));
    double[] documents = new double[8];
    double[] positions = new double[LENGTH];
    int document = 0;
    int token = 0;
    for (int i = 0; i < passages.count(); i++) {
      double[] nats = chain.losses(new int[][] {passages.ids(i)}, i).getFirst().nats();
      for (int position = 0; position < nats.length; position++) {
        documents[document] += nats[position];
        positions[position] += nats[position];
        document += text()[token++] == END ? 1 : 0;
      }
    }
    TextLikelihood likelihood = measured(chain, passages, 9);
    LikelihoodDetails details = likelihood.details();
    assertThat(details.errorOver()).isEqualTo(Unit.DOCUMENTS);
    assertThat(details.documents()).hasSize(8);
    for (int i = 0; i < 8; i++) {
      assertThat(details.documents().get(i).nats()).isCloseTo(documents[i], within(1e-12));
      assertThat(details.documents().get(i).size().tokens()).isEqualTo(i < 7 ? 7 : 2);
    }
    assertThat(details.positions())
        .extracting(PositionLoss::tokens)
        .containsExactly(9L, 9L, 9L, 8L, 8L, 8L);
    assertThat(details.positions().get(2).nats()).isCloseTo(positions[2] / 9, within(1e-12));
    assertThat(likelihood.nats().count()).isEqualTo(8);
    assertThat(likelihood.nats().value())
        .isCloseTo(Arrays.stream(documents).sum() / 51, within(1e-12));
    assertThat(((Estimate) likelihood.bitsPerByte()).value())
        .isCloseTo(Arrays.stream(documents).sum() / Math.log(2) / 43, within(1e-12));
  }

  @Test
  void ofOneDocumentTheErrorIsThatOverItsSequences() throws IOException {
    int[] one = {'a', 'b', 'c', 'a', 'c', 'b', 'b', 'b', END};
    var passages = new Passages(new ArrayCorpus(one), BYTES, Cut.ALL, 3, new Rng(1));
    var toy = new ToyDenoiser(BYTES.size(), 3);
    var chain = new MaskedLikelihood(toy, new Aligned(), new ChainRule(), new Rng(1));
    TextLikelihood likelihood = measured(chain, passages, 3);
    assertThat(likelihood.details().errorOver()).isEqualTo(Unit.SEQUENCES);
    assertThat(likelihood.nats().count()).isEqualTo(3);
    var alone = new Passages(new ArrayCorpus('a', END), BYTES, Cut.ALL, 3, new Rng(1));
    assertThat(measured(chain, alone, 3).nats().standardError()).isEqualTo(OptionalDouble.empty());
  }

  @Test
  void theFirstTokenOfASequenceCanBeLeftOutOfTheDenominator() throws IOException {
    Passages passages = passages(LENGTH);
    var even = new EvenDenoiser(BYTES.size(), LENGTH);
    var chain = new MaskedLikelihood(even, new Aligned(), new ChainRule(), new Rng(1));
    var measurement = new TextMeasurement(passages, passages.count(), chain);
    var tally = new LossTally(measurement, BYTES, Denominator.ALL_BUT_FIRST);
    measurement.measure(0, passages.count(), tally::add);
    assertThat(tally.likelihood().nats().value())
        .isCloseTo(51 * Math.log(257) / (51 - 9), within(1e-9));
  }

  @Test
  void anEvenGuessIsAsSureAsItIsRight() throws IOException {
    var even = new EvenDenoiser(4, LENGTH); // its likeliest token is the first, 0
    int[] ids = IntStream.range(0, 40).map(i -> i % 4).toArray();
    var masks = new MaskedLikelihood(even, new Aligned(), new ChainRule(), new Rng(1));
    var confidences = new Confidences();
    for (int i = 0; i < 10; i++) {
      int[] four = Arrays.copyOfRange(ids, 4 * i, 4 * i + 4);
      confidences.add(masks.losses(new int[][] {four}, i).getFirst().confidences());
    }
    Calibration calibration = confidences.calibration();
    assertThat(calibration.guesses()).isEqualTo(40);
    assertThat(calibration.bins().get(5)).isEqualTo(new Calibration.Bin(0.25, 0.3, 40, 0.25, 0.25));
    assertThat(calibration.error()).isCloseTo(0, within(1e-12));
  }
}
