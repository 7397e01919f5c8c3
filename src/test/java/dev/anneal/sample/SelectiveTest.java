package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Quenched;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Samplers that lift the masks they are surest of. */
final class SelectiveTest {
  private static final int LENGTH = 8;

  /** Two words; at position i the likelier has the chance {@code chances.get(i)}. */
  private record Sure(List<Double> chances) implements Denoiser {

    @Override
    public int tokens() {
      return 2;
    }

    @Override
    public int length() {
      return chances.size();
    }

    @Override
    public KvCache newCache(int batch, int length) {
      return KvCache.none();
    }

    @Override
    public Tensor logits(Window window, KvCache cache, int[] rows) {
      float[] logits = new float[rows.length * 2];
      for (int i = 0; i < rows.length; i++) {
        int position = window.positions(rows[i] / window.width())[rows[i] % window.width()];
        logits[2 * i] = (float) Math.log(chances.get(position));
        logits[2 * i + 1] = (float) Math.log(1 - chances.get(position));
      }
      return Tensors.of(logits, rows.length, 2);
    }
  }

  private static final Sure DENOISER =
      new Sure(List.of(0.6, 0.95, 0.7, 0.99, 0.92, 0.55, 0.8, 0.51));

  /** The positions that each call lifts. */
  private static List<List<Integer>> lifted(Sampler sampler, Hyperschedule hyperschedule) {
    var lifted = new ArrayList<List<Integer>>();
    var seen = new ArrayList<Integer>();
    new Trial(DENOISER, Trial.noise(0), hyperschedule, sampler)
        .generate(
            Draft.prompt(new int[0], LENGTH, 1),
            61,
            step -> {
              var fresh =
                  step.changes().getFirst().stream()
                      .map(Change::position)
                      .filter(position -> !seen.contains(position))
                      .toList();
              seen.addAll(fresh);
              lifted.add(fresh);
              return Listener.Verdict.CONTINUE;
            });
    return lifted;
  }

  @Test
  void confidenceLiftsWhatIsSureEnoughAndElseTheSurest() {
    assertThat(lifted(new Confidence(0.9), new Flat(4)))
        .containsExactly(List.of(1, 3, 4), List.of(6), List.of(2), List.of(0, 5, 7));
    assertThat(lifted(new Confidence(1), new Flat(8)))
        .containsExactly(
            List.of(3),
            List.of(1),
            List.of(4),
            List.of(6),
            List.of(2),
            List.of(0),
            List.of(5),
            List.of(7));
    assertThat(lifted(new Confidence(0), new Flat(2)))
        .containsExactly(List.of(0, 1, 2, 3, 4, 5, 6, 7), List.of());
  }

  /** Entropies, in nats: 0.056, 0.199, 0.279, 0.500, 0.611, 0.673, 0.688, 0.693. */
  @Test
  void theEntropiesOfWhatIsLiftedTogetherStayWithinTheBoundButForTheLargest() {
    assertThat(lifted(new EntropyBound(0), new Flat(8)).getFirst()).containsExactly(3);
    assertThat(lifted(new EntropyBound(0.1), new Flat(8)).getFirst()).containsExactly(1, 3);
    assertThat(lifted(new EntropyBound(0.3), new Flat(8)).getFirst()).containsExactly(1, 3, 4);
    assertThat(lifted(new EntropyBound(100), new Flat(8)).getFirst()).hasSize(8);
  }

  @Test
  void whatSettlesIsLiftedHoweverUnsure() {
    assertThat(lifted(new Confidence(0.9), new Quenched()))
        .containsExactlyElementsOf(lifted(new Ancestral(), new Quenched()));
  }

  @Test
  void aCallThatFindsNoMaskDoesNotAskTheModel() {
    var trial = new Trial(DENOISER, Trial.noise(0), new BlockAnnealing(4, 4), new Confidence(0.5));
    assertThat(trial.generate(Draft.prompt(new int[0], LENGTH, 1), 62).calls()).isEqualTo(2);
  }

  static List<Sampler> members() {
    return List.of(new Confidence(0.9), new EntropyBound(0.3));
  }

  /** Temperature 0 makes every guess certain, but not the model. */
  @ParameterizedTest
  @MethodSource("members")
  void temperatureDoesNotChangeHowSureTheModelIs(Sampler sampler) {
    var trial = new Trial(DENOISER, Trial.noise(0), new Flat(8), sampler);
    var request = trial.request(Draft.prompt(new int[0], LENGTH, 1), 63);
    Decoding plain = request.decoding();
    var greedy =
        new Decoding(
            plain.hyperschedule(), plain.context(), plain.noise(), sampler, new TokenChoice(0, 1));
    var generation =
        new Generator(DENOISER)
            .generate(
                new Request(request.draft(), greedy, request.rng(), 0, request.caching()),
                Listener.NONE);
    assertThat(generation.calls())
        .isGreaterThan(2)
        .isEqualTo(trial.generate(request.draft(), 63).calls());
    assertThat(generation.texts().getFirst()).containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.25, 0.25", "1, 0, 0", "0.2, 0.3, 0.5"})
  void doubtIsReadOffTheChances(float first, float second, float third) {
    try (Scope scope = Scope.withoutGradient()) {
      Tensor chances = Tensors.of(new float[] {first, second, third}, 1, 3);
      double largest = Math.max(first, Math.max(second, third));
      assertThat(new Confidence(0.5).doubts(chances).item()).isCloseTo(1 - largest, within(1e-6));
      double entropy = -xLogX(first) - xLogX(second) - xLogX(third);
      assertThat(new EntropyBound(0.5).doubts(chances).item()).isCloseTo(entropy, within(1e-6));
    }
  }

  private static double xLogX(double x) {
    return x == 0 ? 0 : x * Math.log(x);
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Confidence(1.1))
        .withMessageContaining("threshold 1.1");
    assertThatIllegalArgumentException().isThrownBy(() -> new Confidence(Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EntropyBound(-1))
        .withMessageContaining("bound -1");
  }
}
