package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.anneal.model.Window;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.noise.Uniform;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.SettlingOrder;
import java.util.Arrays;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;

/** What a token is when the model sees it for the first time. */
final class PriorTest {
  private static final int WORDS = 3;
  private static final int LENGTH = 10;

  /** The counts of each word and of the mask in the first call. */
  private static long[] first(Noise noise) {
    var shown = new Watched(new FixedDenoiser(LENGTH, 0, 1, 2));
    int samples = 1_000;
    new Trial(shown, noise, new Flat(2), new Analytic())
        .generate(Draft.prompt(new int[0], LENGTH, samples), 41);
    long[] counts = new long[WORDS + 1];
    Window first = shown.windows().getFirst();
    for (int sequence = 0; sequence < samples; sequence++) {
      Arrays.stream(first.ids(sequence)).forEach(id -> counts[id]++);
    }
    return counts;
  }

  @Test
  void itIsWhatTheNoiseEndsIn() {
    assertThat(first(new Noise(new Absorb(), new LogLinear(0.1)))).containsExactly(0, 0, 0, 10_000);
    double third = 1 / 3.0;
    ChiSquare.assertDrawnFrom(
        new double[] {third, third, third, 0}, first(new Noise(new Uniform(), new LogLinear(0.1))));
    // γ = 1/2 and α = 0.01: masked 1 − √α = 0.9, scattered √α − α = 0.09, and 0.01 survives.
    ChiSquare.assertDrawnFrom(
        new double[] {0.03 / 0.99, 0.03 / 0.99, 0.03 / 0.99, 0.9 / 0.99},
        first(new Noise(new GammaHybrid(0.5), new LogLinear(0.01))));
  }

  @Test
  void aTokenThatIsThereAlreadyStays() {
    int[][] start = {{2, Draft.BLANK, 2, Draft.BLANK}};
    var shown = new Watched(new FixedDenoiser(LENGTH, 0, 1, 2));
    new Trial(shown, new Noise(new Uniform(), new Linear()), new Flat(2), new Analytic())
        .generate(new Draft(SettlingOrder.prompt(4, 0), start, 0), 42);
    int[] first = shown.windows().getFirst().ids(0);
    assertThat(first).contains(2, Index.atIndex(0)).doesNotContain(WORDS);
  }

  @Test
  void aBlankInTheMidstOfANoiseWithoutMasksIsRefused() {
    int[][] half = {{0, Draft.BLANK, Draft.BLANK, Draft.BLANK}};
    var draft = new Draft(SettlingOrder.prompt(4, 0), half, 1);
    var hyperschedule = new BlockAnnealing(2, 2);
    var denoiser = new FixedDenoiser(LENGTH, 0, 1, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Trial(
                        denoiser,
                        new Noise(new Uniform(), new Linear()),
                        hyperschedule,
                        new Analytic())
                    .request(draft, 43))
        .withMessageContaining("blank at position 1, which is never masked at step 1");
    new Trial(denoiser, new Noise(new Absorb(), new Linear()), hyperschedule, new Analytic())
        .request(draft, 43);
  }
}
