package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.anneal.attention.CausalContext;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Reading;
import dev.anneal.model.Window;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Noise;
import dev.anneal.noise.Uniform;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classifier-free guidance. */
final class GuidanceTest {
  private static final double[] UNCONDITIONAL = {0, 0.5, -0.3};
  private static final double[] CONDITIONAL = {0.4, 0, 0.2};

  /** Guesses one thing where the first token is word 2, another where it is the mask. */
  private record Listening() implements Denoiser {

    @Override
    public int tokens() {
      return 3;
    }

    @Override
    public int length() {
      return 16;
    }

    @Override
    public KvCache newCache(int batch, int length) {
      return KvCache.none();
    }

    @Override
    public Tensor logits(Window window, KvCache cache, int[] rows) {
      float[] logits = new float[rows.length * 3];
      for (int i = 0; i < rows.length; i++) {
        boolean masked = window.ids(rows[i] / window.width())[0] == tokens();
        for (int word = 0; word < 3; word++) {
          logits[i * 3 + word] = (float) (masked ? UNCONDITIONAL : CONDITIONAL)[word];
        }
      }
      return Tensors.of(logits, rows.length, 3);
    }
  }

  private static Generation generate(Draft draft, double guidance, Noise noise) {
    var decoding =
        new Decoding(
            new Flat(1),
            new CausalContext(),
            noise,
            new Analytic(),
            new TokenChoice(1, 1, guidance));
    return new Generator(new Listening())
        .generate(
            new Request(draft, decoding, new Rng(71), 0, Request.Caching.CACHED), Listener.NONE);
  }

  /** un + (c + 1)·(cond − un). */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 3})
  void theGuessIsPushedAwayFromWhatItIsWithoutTheKnownTokens(double guidance) {
    double[] chances = new double[3];
    Arrays.setAll(
        chances,
        word ->
            Math.exp(
                UNCONDITIONAL[word] + (guidance + 1) * (CONDITIONAL[word] - UNCONDITIONAL[word])));
    double total = Arrays.stream(chances).sum();
    Arrays.setAll(chances, word -> chances[word] / total);

    var generation = generate(Draft.prompt(new int[] {2}, 11, 1_000), guidance, Trial.noise(0.1));
    long[] counts = new long[3];
    for (int[] text : generation.texts()) {
      assertThat(text[0]).isEqualTo(2);
      Arrays.stream(text).skip(1).forEach(id -> counts[id]++);
    }
    ChiSquare.assertDrawnFrom(chances, counts);
    assertThat(generation.calls()).isEqualTo(guidance == 0 ? 1 : 2);
  }

  @Test
  void whereNothingIsKnownThereIsNothingToGuide() {
    var draft = Draft.prompt(new int[0], 5, 3);
    var guided = generate(draft, 2, Trial.noise(0.1));
    assertThat(guided.calls()).isOne();
    assertThat(guided.texts())
        .containsExactlyElementsOf(generate(draft, 0, Trial.noise(0.1)).texts());
  }

  @Test
  void aNoiseWithoutMasksCannotHideWhatIsKnown() {
    var noise = new Noise(new Uniform(), new Linear());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> generate(Draft.prompt(new int[] {2}, 5, 1), 1, noise))
        .withMessageContaining("guidance 1.0")
        .withMessageContaining("Uniform");
    generate(Draft.prompt(new int[] {2}, 5, 1), 0, noise);
  }

  /** Scores of the same size for all tokens, as of an untrained network. */
  private record Scoring() implements Denoiser {

    @Override
    public int tokens() {
      return 3;
    }

    @Override
    public int length() {
      return 16;
    }

    @Override
    public Reading reading() {
      return Reading.SCORE;
    }

    @Override
    public KvCache newCache(int batch, int length) {
      return KvCache.none();
    }

    @Override
    public Tensor logits(Window window, KvCache cache, int[] rows) {
      return Tensors.zeros(DType.FLOAT32, Device.CPU, rows.length, tokens());
    }
  }

  /** Under absorbing noise scores leave no doubt of a real token, guided or not. */
  @Test
  void whatIsCertainStaysSoUnderGuidance() {
    var noise = new Noise(new Absorb(), new LogLinear(0.1));
    var draft = Draft.prompt(new int[] {2}, 8, 20);
    var texts = new ArrayList<List<int[]>>();
    for (Sampler sampler : List.of(new Ancestral(), new AdaptiveCorrection(1))) {
      var choice = new TokenChoice(1, 1, 2);
      var decoding = new Decoding(new Flat(4), new CausalContext(), noise, sampler, choice);
      var request = new Request(draft, decoding, new Rng(71), 0, Request.Caching.CACHED);
      texts.add(new Generator(new Scoring()).generate(request, Listener.NONE).texts());
    }
    assertThat(texts.getLast())
        .as("a redrawn token is the same")
        .containsExactlyElementsOf(texts.getFirst());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void guidanceOutOfRangeIsRefused(double guidance) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenChoice(1, 1, guidance))
        .withMessageContaining("guidance " + guidance);
  }
}
