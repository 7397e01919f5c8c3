package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Fate;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Linear;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
final class EpsilonCrossEntropyTest {
  private static final int TOKENS = 5;
  private static final int BATCH = 16;
  private static final int LENGTH = 6;
  private static final double NO_CEILING = Double.MAX_VALUE;

  private final ToyDenoiser toy = new ToyDenoiser(TOKENS, LENGTH);

  @Test
  void withoutScatterItIsTheLossOfMaskedDiffusionDrawForDraw() {
    var rng = new Rng(11);
    int[][] sequences = sequences();
    NoisedBatch batch = flat(0).draw(sequences, new Noising.Draws(rng, 4, 0, BATCH));
    double expected = maskedDiffusion(sequences, rng, 4);
    double sum = sum(new EpsilonCrossEntropy(0, 1), batch);
    assertThat(sum / batch.tokens()).isCloseTo(expected, within(1e-12));
    for (double lambda : new double[] {0.3, 1, 40}) {
      assertThat(sum(new EpsilonCrossEntropy(lambda, 1e4), batch)).isEqualTo(sum);
    }
  }

  /** Of the masked tokens of the batch, −log of the guess over the chance of a mask, averaged. */
  private double maskedDiffusion(int[][] sequences, Rng rng, long step) {
    double sum = 0;
    for (int i = 0; i < BATCH; i++) {
      double stratum = (rng.uniform(Rng.Purpose.TIME, 0, step, 0) + i / (double) BATCH) % 1;
      double masked = 1 - stratum;
      var seen = new HashMap<Integer, Integer>();
      for (int position = 0; position < LENGTH; position++) {
        boolean hidden = rng.uniform(Rng.Purpose.FATE, i, step, position) < masked;
        seen.put(position, hidden ? TOKENS : sequences[i][position]);
      }
      for (int position = 0; position < LENGTH; position++) {
        if (seen.getOrDefault(position, -1) == TOKENS) {
          sum -= Math.log(toy.guess(seen, position)[sequences[i][position]]) / masked;
        }
      }
    }
    return sum / (BATCH * LENGTH);
  }

  /** ∫ (1/u) E Σ over the masked = E over orders Σ −log of each token given those before it. */
  @Test
  void withoutScatterItsMeanOverTimesIsThatOverTheOrdersOfWriting() {
    int[] text = {2, 0, 4};
    double middle = Math.sqrt(0.15);
    double mean = // Gauss' rule, exact for the polynomial in u that it is
        (5 * meanAt(0.5 - middle, text) + 8 * meanAt(0.5, text) + 5 * meanAt(0.5 + middle, text))
            / 18;
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    double expected = 0;
    for (int[] order : orders) {
      var seen = new HashMap<>(Map.of(0, TOKENS, 1, TOKENS, 2, TOKENS));
      for (int position : order) {
        expected -= Math.log(toy.guess(seen, position)[text[position]]) / orders.length;
        seen.put(position, text[position]);
      }
    }
    assertThat(mean).isCloseTo(expected, within(1e-12));
  }

  /** Over all eight ways to mask three tokens, each with a given chance. */
  private double meanAt(double masked, int[] text) {
    double mean = 0;
    for (int way = 1; way < 8; way++) {
      double chance = 1;
      var seen = new HashMap<Integer, Integer>();
      for (int position = 0; position < 3; position++) {
        boolean hidden = (way >> position & 1) == 1;
        seen.put(position, hidden ? TOKENS : text[position]);
        chance *= hidden ? masked : 1 - masked;
      }
      for (int position = 0; position < 3; position++) {
        if ((way >> position & 1) == 1) {
          var noise = new Noise(new EpsilonHybrid(0), new Linear());
          var call = new NoisedRow.Call(noise, masked, 1 / masked, false, 1, 1);
          var row = new NoisedRow(0, 0, text[position], TOKENS, Fate.MASKED, call);
          double[] logits = Arrays.stream(toy.guess(seen, position)).map(Math::log).toArray();
          Tensor nats =
              new EpsilonCrossEntropy(1, 1).nats(List.of(row), Tensors.of(logits, 1, TOKENS));
          mean += chance * nats.item();
        }
      }
    }
    return mean;
  }

  @Test
  void onAverageKeptAndScatteredTokensWeighTheSameWhateverTheNoise() {
    double lambda = 0.7;
    double epsilon = 0.2;
    var objective = new EpsilonCrossEntropy(lambda, NO_CEILING);
    for (double masked : new double[] {0.01, 0.3, 0.9, 0.999}) {
      double kept = (1 - masked) * (1 - epsilon) * weight(objective, Fate.KEPT, masked, epsilon);
      double scattered =
          (1 - masked) * epsilon * weight(objective, Fate.SCATTERED, masked, epsilon);
      assertThat(kept).isCloseTo(lambda * epsilon * (1 - epsilon), within(1e-12));
      assertThat(scattered).isCloseTo(lambda * epsilon * (1 - epsilon), within(1e-12));
      double hidden = masked * weight(objective, Fate.MASKED, masked, epsilon);
      assertThat(hidden).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void itTeachesToTakeScatteredTokensForAsLikelyAsKeptOnes() {
    double epsilon = 0.2;
    var objective = new EpsilonCrossEntropy(0.7, NO_CEILING);
    double kept = (1 - epsilon) * weight(objective, Fate.KEPT, 0.3, epsilon);
    double scattered = epsilon / TOKENS * weight(objective, Fate.SCATTERED, 0.3, epsilon);
    // Σ weight · −log guess is least where the guess is in proportion to the weight: if the token
    // seen is the clean one, to 1 + 1/N, if it is another, to 1/N, as if half were scattered.
    assertThat((kept + scattered) / scattered).isCloseTo(TOKENS + 1, within(1e-9));
  }

  @Test
  void theWeightOfTheLastRealTokensHasACeiling() {
    var objective = new EpsilonCrossEntropy(0.5, 100);
    assertThat(weight(objective, Fate.SCATTERED, 1 - 1e-6, 0.2)).isCloseTo(40, within(1e-9));
    assertThat(weight(objective, Fate.SCATTERED, 0.5, 0.2)).isCloseTo(0.8, within(1e-9));
    assertThat(weight(objective, Fate.MASKED, 1 - 1e-6, 0.2)).isCloseTo(1, within(1e-5));
  }

  @Test
  void tokensThatWeighNothingAreNotAskedFor() {
    assertThat(new EpsilonCrossEntropy(0, 1e4).asks(row(Fate.KEPT, 0.5, 0.2))).isFalse();
    assertThat(new EpsilonCrossEntropy(1, 1e4).asks(row(Fate.KEPT, 0.5, 0))).isFalse();
    assertThat(new EpsilonCrossEntropy(1, 1e4).asks(row(Fate.KEPT, 0.5, 0.2))).isTrue();
    assertThat(new EpsilonCrossEntropy(0, 1e4).asks(row(Fate.MASKED, 0.5, 0))).isTrue();
  }

  @Test
  void aBatchWithNothingToAskForHasNoSum() {
    NoisedBatch batch = flat(0).draw(sequences(), new Noising.Draws(new Rng(11), 4, 0, BATCH));
    var visible = batch.rows().stream().filter(row -> row.fate() == Fate.KEPT).toList();
    assertThat(visible).isNotEmpty();
    var nothing = new NoisedBatch(batch.window(), visible, batch.tokens());
    assertThat(new EpsilonCrossEntropy(1, 1e4).sum(nothing, toy)).isEmpty();
  }

  @Test
  void weightsOutsideTheirRangeAreRefused() {
    for (double lambda : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new EpsilonCrossEntropy(lambda, 1e4))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("lambda " + lambda);
    }
    for (double ceiling : new double[] {0.5, Double.NaN}) {
      assertThatThrownBy(() -> new EpsilonCrossEntropy(1, ceiling))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("ceiling " + ceiling);
    }
  }

  private static Noising flat(double epsilon) {
    return new Noising(
        new Flat(1),
        Noising.Times.CONTINUOUS,
        new CausalContext(),
        new Noise(new EpsilonHybrid(epsilon), new Linear()),
        new Corruption(TOKENS, TOKENS));
  }

  private static int[][] sequences() {
    int[][] sequences = new int[BATCH][LENGTH];
    for (int i = 0; i < BATCH; i++) {
      for (int position = 0; position < LENGTH; position++) {
        sequences[i][position] = (i * 3 + position * position) % TOKENS;
      }
    }
    return sequences;
  }

  private double sum(Objective objective, NoisedBatch batch) {
    return objective.sum(batch, toy).orElseThrow().item();
  }

  /** The weight itself: the nats of a token of which nothing is known, over log N. */
  private static double weight(Objective objective, Fate fate, double masked, double epsilon) {
    var uniform = Tensors.zeros(DType.FLOAT64, Device.CPU, 1, TOKENS);
    return objective.nats(List.of(row(fate, masked, epsilon)), uniform).item() / Math.log(TOKENS);
  }

  private static NoisedRow row(Fate fate, double masked, double epsilon) {
    var noise = new Noise(new EpsilonHybrid(epsilon), new Linear());
    var call = new NoisedRow.Call(noise, masked, 1 / masked, false, 8, 1);
    return new NoisedRow(0, 0, 2, 1, fate, call);
  }
}
