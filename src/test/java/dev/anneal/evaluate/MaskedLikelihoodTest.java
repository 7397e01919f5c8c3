package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.Aligned;
import dev.anneal.attention.Shifted;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Reading;
import dev.anneal.model.Window;
import dev.anneal.objective.ToyDenoiser;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masked likelihoods against the enumeration of all masks. */
final class MaskedLikelihoodTest {
  private static final int TOKENS = 3;
  private static final double FLOOR = 1e-3;
  private static final int[] TEXT = {2, 0, 2, 1};

  private static ToyDenoiser toy(int length) {
    return new ToyDenoiser(TOKENS, length);
  }

  /** −log of the toy's chance of a masked token. */
  private static double surprise(int[] text, IntPredicate masked, int position) {
    Map<Integer, Integer> seen = new TreeMap<>();
    for (int i = 0; i < text.length; i++) {
      seen.put(i, masked.test(i) ? TOKENS : text[i]);
    }
    return -Math.log(toy(text.length).guess(seen, position)[text[position]]);
  }

  /** What all masks cost together where each token is masked with chance p, weighted by 1/p. */
  private static double enumerated(int[] text, double p) {
    double nats = 0;
    for (int set = 0; set < 1 << text.length; set++) {
      int masks = set;
      IntPredicate masked = i -> (masks >> i & 1) == 1;
      int count = Integer.bitCount(set);
      double chance = Math.pow(p, count) * Math.pow(1 - p, text.length - count);
      nats +=
          IntStream.range(0, text.length)
              .filter(masked)
              .mapToDouble(i -> chance / p * surprise(text, masked, i))
              .sum();
    }
    return nats;
  }

  /** The mean of that over even p, floor … 1. */
  private static double expected(int[] text) {
    int steps = 2000;
    return IntStream.range(0, steps)
        .mapToDouble(i -> enumerated(text, FLOOR + (1 - FLOOR) * (i + 0.5) / steps))
        .average()
        .orElseThrow();
  }

  /** Nats per token over sequences that are measured as a whole text is. */
  private static Estimate measured(
      MaskedLikelihood likelihood, IntFunction<int[]> sequences, int count) {
    double[] nats = new double[count];
    long[] tokens = new long[count];
    for (int first = 0; first < count; first += likelihood.together()) {
      int start = first;
      int[][] batch =
          IntStream.range(start, Math.min(count, start + likelihood.together()))
              .mapToObj(sequences)
              .toArray(int[][]::new);
      List<SequenceLoss> losses = likelihood.losses(batch, start);
      for (int i = 0; i < batch.length; i++) {
        nats[start + i] = Arrays.stream(losses.get(i).nats()).sum();
        tokens[start + i] = batch[i].length;
      }
    }
    return Estimate.ratio(nats, tokens);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void randomMasksCostWhatAllMasksCostOnAverage(int length) {
    int[] text = Arrays.copyOf(TEXT, length);
    Estimate estimate =
        measured(
            new MaskedLikelihood(toy(length), new Aligned(), new RandomMasks(4), new Rng(7)),
            _ -> text,
            4000);
    double error = estimate.standardError().orElseThrow();
    assertThat(error).isLessThan(0.03);
    // five errors: a false alarm in two million
    assertThat(estimate.value()).isCloseTo(expected(text) / length, within(5 * error));
  }

  @Test
  void theSharesOfASequenceLieOnAGrid() {
    var masks = new RandomMasks(8);
    for (int sequence = 0; sequence < 3; sequence++) {
      int number = sequence;
      double[] shares =
          IntStream.range(0, 8)
              .mapToDouble(view -> 1 / (8 * masks.view(number, view, 4, new Rng(1)).weight()))
              .sorted()
              .toArray();
      assertThat(shares[0]).isBetween(FLOOR, FLOOR + (1 - FLOOR) / 8);
      for (int i = 1; i < 8; i++) {
        assertThat(shares[i] - shares[i - 1]).isCloseTo((1 - FLOOR) / 8, within(1e-12));
      }
    }
  }

  @Test
  void theChainRuleGuessesFromLeftToRight() {
    double nats =
        IntStream.range(0, TEXT.length).mapToDouble(i -> surprise(TEXT, at -> at >= i, i)).sum();
    Estimate estimate =
        measured(
            new MaskedLikelihood(toy(4), new Aligned(), new ChainRule(), new Rng(1)), _ -> TEXT, 2);
    assertThat(estimate.value()).isCloseTo(nats / 4, within(1e-12));
  }

  @Test
  void shiftedOutputsGuessTheTokenAfterTheirSlot() {
    int start = 1;
    Map<Integer, Integer> seen = new TreeMap<>(Map.of(0, start, 1, 2, 2, TOKENS, 3, TOKENS));
    double[] nats = new double[3]; // of 2, 0, 2, each asked at the slot before it
    seen.put(1, TOKENS);
    nats[0] = -Math.log(toy(4).guess(seen, 0)[2]);
    seen.put(1, 2);
    nats[1] = -Math.log(toy(4).guess(seen, 1)[0]);
    seen.put(2, 0);
    nats[2] = -Math.log(toy(4).guess(seen, 2)[2]);
    Estimate estimate =
        measured(
            new MaskedLikelihood(toy(4), new Shifted(start), new ChainRule(), new Rng(1)),
            _ -> new int[] {2, 0, 2},
            1);
    assertThat(estimate.value()).isCloseTo(Arrays.stream(nats).sum() / 3, within(1e-12));
  }

  @Test
  void anEvenGuessHasThePerplexityOfTheVocabulary() {
    double[] log =
        IntStream.range(0, 2)
            .mapToDouble(
                chain ->
                    measured(
                            new MaskedLikelihood(
                                new Even(Reading.GUESS),
                                new Aligned(),
                                chain == 1 ? new ChainRule() : new RandomMasks(16),
                                new Rng(3)),
                            _ -> new int[64],
                            500)
                        .value())
            .toArray();
    assertThat(Math.exp(log[1])).isCloseTo(5, within(1e-9));
    assertThat(Math.exp(log[0])).isCloseTo(5, within(0.05));
  }

  @Test
  void aViewThatHidesNothingCostsNothing() {
    Masking.View nothing = new Masking.View(new BitSet(), new BitSet(), 1);
    assertThat(
            IntStream.range(0, 200)
                .mapToObj(i -> new RandomMasks(1).view(i, 0, 1, new Rng(2)))
                .anyMatch(view -> view.hidden().equals(nothing.hidden())))
        .as("some views hide nothing")
        .isTrue();
    Estimate estimate =
        measured(
            new MaskedLikelihood(
                toy(1), new Aligned(), new RandomMasks(1), new Rng(2), new Batch(1)),
            _ -> new int[] {1},
            200);
    assertThat(estimate.count()).isEqualTo(200);
  }

  @Test
  void theBatchChangesNothing() {
    int[][] texts = {{2, 0, 2, 1}, {1}, {0, 0, 1}, {2, 2}, {1, 0, 2}};
    for (Masking masking : List.of(new RandomMasks(3), new ChainRule())) {
      Estimate alone =
          measured(
              new MaskedLikelihood(toy(4), new Aligned(), masking, new Rng(9), new Batch(1)),
              i -> texts[i],
              texts.length);
      for (int batch : new int[] {3, 8}) {
        Estimate together =
            measured(
                new MaskedLikelihood(toy(4), new Aligned(), masking, new Rng(9), new Batch(batch)),
                i -> texts[i],
                texts.length);
        assertThat(together).isEqualTo(alone);
      }
    }
  }

  @Test
  void scoresAreNotGuesses() {
    assertThatThrownBy(
            () ->
                new MaskedLikelihood(
                    new Even(Reading.SCORE), new Aligned(), new RandomMasks(1), new Rng(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scores");
    assertThatThrownBy(() -> new RandomMasks(0)).hasMessageContaining("draws 0");
  }

  /** Guesses five tokens alike. */
  private record Even(Reading reading) implements Denoiser {

    @Override
    public int tokens() {
      return 5;
    }

    @Override
    public int length() {
      return 64;
    }

    @Override
    public KvCache newCache(int batch, int length) {
      return KvCache.none();
    }

    @Override
    public Tensor logits(Window window, KvCache cache, int[] rows) {
      return Tensors.of(new double[rows.length * 5], rows.length, 5);
    }
  }
}
