package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.noise.Uniform;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SlideAnnealing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SamplerTest {

  private static List<List<List<Change>>> changes(
      double epsilon, Hyperschedule hyperschedule, Sampler sampler) {
    var steps = new ArrayList<List<List<Change>>>();
    Trial.exact(Trial.noise(epsilon), hyperschedule, sampler)
        .generate(
            Draft.prompt(new int[0], 4, 50),
            21,
            step -> {
              steps.add(step.changes());
              return Listener.Verdict.CONTINUE;
            });
    return steps;
  }

  @Test
  void withoutCorrectionAdaptiveCorrectionIsAncestralDrawForDraw() {
    for (var hyperschedule : List.of(new Flat(8), new SlideAnnealing(2, 4))) {
      assertThat(changes(0.1, hyperschedule, new AdaptiveCorrection(0)))
          .isEqualTo(changes(0.1, hyperschedule, new Ancestral()))
          .isNotEqualTo(changes(0.1, hyperschedule, new AdaptiveCorrection(0.5)));
    }
  }

  @Test
  void whereNothingScattersExactCorrectionIsAncestralDrawForDraw() {
    assertThat(changes(0, new Flat(8), new ExactCorrection(1)))
        .isEqualTo(changes(0, new Flat(8), new Ancestral()));
    assertThat(changes(0.1, new Flat(8), new ExactCorrection(1)))
        .isNotEqualTo(changes(0.1, new Flat(8), new Ancestral()));
  }

  @Test
  void withoutStrengthWhatMasksAgainIsTheSimplerSamplerDrawForDraw() {
    assertThat(changes(0.1, new Flat(8), new Remdm(0)))
        .isEqualTo(changes(0.1, new Flat(8), new Ancestral()))
        .isNotEqualTo(changes(0.1, new Flat(8), new Remdm(0.5)));
    assertThat(changes(0.1, new Flat(8), new RemaskShuffle(0)))
        .isEqualTo(changes(0.1, new Flat(8), new Remask()))
        .isNotEqualTo(changes(0.1, new Flat(8), new RemaskShuffle(0.5)));
  }

  /** From 2/4 masked to 1/4: σ = min(η, (1 − 3/4)/(1/2)), a lift has (3/4 − (1 − σ)/2)/(1/2). */
  @ParameterizedTest
  @CsvSource({"0.2, 0.2, 0.7", "0.5, 0.5, 1", "1, 0.5, 1"})
  void remdmMasksAndLiftsWithItsCappedChances(double eta, double masks, double lifts) {
    var transition = Transition.of(Trial.noise(0), new Flat(4).partition(2, 1), 0);
    var sampler = new Remdm(eta);
    assertThat(share(event -> sampler.onToken(transition, event).equals(Action.MASK)))
        .isCloseTo(masks, within(1e-3));
    assertThat(share(event -> sampler.onMask(transition, event).equals(Action.GUESS)))
        .isCloseTo(lifts, within(1e-3));
  }

  /** How much of [0, 1) an event covers. */
  private static double share(DoublePredicate event) {
    int draws = 10_000;
    return IntStream.range(0, draws).filter(i -> event.test((i + 0.5) / draws)).count()
        / (double) draws;
  }

  @Test
  void firstHittingAsksTheModelOnceForEachTokenOfAText() {
    var trial =
        new Trial(new FixedDenoiser(9, 0, 1), Trial.noise(0), new Flat(1), new FirstHitting());
    assertThat(trial.generate(Draft.prompt(new int[] {0, 1}, 9, 3), 24).calls()).isEqualTo(7);
    var ancestral =
        new Trial(new FixedDenoiser(9, 0, 1), Trial.noise(0), new Flat(1), new Ancestral());
    assertThat(ancestral.generate(Draft.prompt(new int[] {0, 1}, 9, 3), 24).calls()).isOne();
  }

  /** After k of S steps each of d positions is real with chance k/S. */
  @Test
  void theNumberOfLiftedMasksIsBinomial() {
    int steps = 5;
    int length = 6;
    long[][] counts = new long[steps + 1][length + 1]; // [state][lifted]
    int samples = 10_000;
    int[] lifted = new int[samples];
    new Trial(new FixedDenoiser(length, 0, 1), Trial.noise(0), new Flat(steps), new Ancestral())
        .generate(
            Draft.prompt(new int[0], length, samples),
            22,
            step -> {
              for (int sequence = 0; sequence < samples; sequence++) {
                // The last step tells of every token, not only of those that it draws.
                boolean last = step.partition().step() == steps - 1;
                int news = step.changes().get(sequence).size();
                lifted[sequence] = last ? news : lifted[sequence] + news;
                counts[step.partition().step() + 1][lifted[sequence]]++;
              }
              return Listener.Verdict.CONTINUE;
            });
    for (int state = 1; state < steps; state++) {
      ChiSquare.assertDrawnFrom(binomial(length, state / (double) steps), counts[state]);
    }
    assertThat(counts[steps][length]).isEqualTo(samples);
  }

  private static double[] binomial(int trials, double chance) {
    double[] chances = new double[trials + 1];
    chances[0] = 1;
    for (int trial = 0; trial < trials; trial++) {
      for (int hits = trial + 1; hits >= 0; hits--) {
        double hit = hits == 0 ? 0 : chances[hits - 1] * chance;
        chances[hits] = chances[hits] * (1 - chance) + hit;
      }
    }
    return chances;
  }

  /** η·Σ (k/S)(S − k − 1)/(S − k): real after k steps, redrawn with chance η·(1 − p). */
  @ParameterizedTest
  @ValueSource(doubles = {0.25, 1})
  void aTokenIsRedrawnAsOftenAsEtaSays(double eta) {
    int steps = 10;
    int length = 20;
    int samples = 2_000;
    var denoiser = new FixedDenoiser(length, 0, 1);
    new Trial(denoiser, Trial.noise(0.1), new Flat(steps), new AdaptiveCorrection(eta))
        .generate(Draft.prompt(new int[0], length, samples), 23);
    double expected = 0;
    for (int step = 0; step < steps; step++) {
      expected += eta * step / steps * (steps - step - 1) / (steps - step);
    }
    double tokens = samples * (double) length;
    double redraws = denoiser.rows() / tokens - 1; // each token is also drawn once from its mask
    // A token's redraws are within 0 … steps, so their deviation is at most half of that.
    double deviation = steps / 2.0 / Math.sqrt(tokens);
    assertThat(redraws).isCloseTo(expected, within(5.2 * deviation));
  }

  @Test
  void aNoiseWithoutMasksIsRefusedWhereMasksAreLifted() {
    var noise = new Noise(new Uniform(), new LogLinear(1e-3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> decoding(noise, new Ancestral()))
        .withMessageContaining("Uniform[] never masks tokens")
        .withMessageContaining("analytic fits");
    decoding(noise, new Analytic());
  }

  @Test
  void aNoiseThatGoesOnScatteringIsRefusedWhereItBreaksAClaim() {
    var noise = new Noise(new GammaHybrid(0.1), new LogLinear(1e-3));
    List<Sampler> exact = List.of(new ExactCorrection(0.1), new FirstHitting(), new Remdm(0.1));
    for (Sampler sampler : exact) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> decoding(noise, sampler))
          .withMessageContaining(sampler.name())
          .withMessageContaining("epsilon-hybrid");
      decoding(new Noise(new Absorb(), new LogLinear(1e-3)), sampler);
      decoding(Trial.noise(0.3), sampler);
    }
    decoding(noise, new AdaptiveCorrection(0.1));
  }

  private static void decoding(Noise noise, Sampler sampler) {
    new Decoding(new Quenched(), new CausalContext(), noise, sampler, TokenChoice.PLAIN);
  }

  @Test
  void etaIsAChance() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaptiveCorrection(1.5))
        .withMessageContaining("eta 1.5");
    assertThatIllegalArgumentException().isThrownBy(() -> new ExactCorrection(-0.1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ExactCorrection(Double.NaN));
  }
}
