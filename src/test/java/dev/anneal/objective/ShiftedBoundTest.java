package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.attention.Shifted;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.noise.Chances;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Geometric;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Quenched;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a network of shifted outputs is bound by where noise goes on scattering. */
final class ShiftedBoundTest {
  private static final double[] SOURCE = {0.4, 0.05, 0.25, 0.2, 0.1};
  private static final int N = SOURCE.length;
  private static final Noise NOISE = new Noise(new GammaHybrid(0.4), new Geometric(0.3, 12));

  /**
   * Guesses the only token of a text from the slot before it: Bayes' guess of the source, where it
   * sees what noise made of the token; else the source.
   */
  private record Knowing() implements Denoiser {

    @Override
    public int tokens() {
      return N;
    }

    @Override
    public int length() {
      return 2;
    }

    @Override
    public KvCache newCache(int batch, int length) {
      return KvCache.none();
    }

    @Override
    public Tensor logits(Window window, KvCache cache, int[] rows) {
      double[] logits = new double[rows.length * N];
      for (int i = 0; i < rows.length; i++) {
        int sequence = rows[i] / window.width();
        double[] guess = window.width() == 1 ? SOURCE : guess(window, sequence);
        for (int token = 0; token < N; token++) {
          logits[i * N + token] = Math.log(guess[token]);
        }
      }
      return Tensors.of(logits, rows.length, N);
    }

    private static double[] guess(Window window, int sequence) {
      int shown = window.ids(sequence)[1];
      Chances chances = NOISE.process().chances(Math.exp(-window.sigmas(sequence)[1]));
      double[] joint = new double[N];
      Arrays.setAll(joint, token -> SOURCE[token] * chance(chances, shown, token));
      double sum = Arrays.stream(joint).sum();
      return Arrays.stream(joint).map(each -> each / sum).toArray();
    }

    private static double chance(Chances chances, int shown, int clean) {
      return shown == N
          ? chances.masked()
          : chances.scattered() / N + (shown == clean ? chances.kept() : 0);
    }
  }

  static Stream<Hyperschedule> hyperschedules() {
    return Stream.of(new Quenched(), new Flat(3));
  }

  /** Under one level, too, where a token is never below the top level. */
  @ParameterizedTest
  @MethodSource("hyperschedules")
  void withTheTrueGuessItIsTheEntropyOfOneToken(Hyperschedule hyperschedule) {
    int count = 20_000;
    int[][] texts = new int[count][1];
    double entropy = 0;
    int next = 0;
    for (int token = 0; token < N; token++) {
      int copies = (int) Math.round(count * SOURCE[token]);
      Arrays.fill(texts, next, next + copies, new int[] {token});
      next += copies;
      entropy -= SOURCE[token] * Math.log(SOURCE[token]);
    }
    var noising =
        new Noising(
                hyperschedule, Noising.Times.GRID, new CausalContext(), NOISE, new Corruption(N, N))
            .withAlignment(new Shifted(0));
    BoundEstimate bound =
        BoundEstimate.measure(new Knowing(), noising, text -> texts[text], count, new Rng(5));
    assertThat(bound.standardError()).isLessThan(0.015);
    assertThat(bound.nats()).isCloseTo(entropy, within(5 * bound.standardError()));
  }
}
