package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Fate;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.noise.Uniform;
import dev.anneal.objective.ScoreEntropy.Form;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Geometric;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.NoiseSchedule;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Score entropy against its definition on a toy of five real tokens and the mask. */
class ScoreEntropyTest {

  private static final int N = 5;
  private static final int MASK = N;
  private static final ScoreEntropy EXACT = new ScoreEntropy(Form.EXACT);

  private final Scope scope = Scope.open();

  @AfterEach
  void close() {
    scope.close();
  }

  /** One row of each kind, at several noises. */
  record Case(double gamma, NoiseSchedule schedule, double time, int clean, int noised) {

    NoisedRow row() {
      var noise = new Noise(new GammaHybrid(gamma), schedule);
      double hazard = -schedule.alphaRate(time) / (1 - schedule.alpha(time));
      var call = new NoisedRow.Call(noise, time, hazard, false, 1, 1);
      Fate fate = noised == MASK ? Fate.MASKED : noised == clean ? Fate.KEPT : Fate.SCATTERED;
      return new NoisedRow(0, 0, clean, noised, fate, call);
    }

    double sigma() {
      return schedule.sigma(time);
    }

    double sigmaRate() {
      return -schedule.alphaRate(time) / schedule.alpha(time);
    }

    /** The dense generator (1−γ)·absorb + γ·uniform: [to][from], columns sum to 0. */
    double[][] generator() {
      var rates = new double[N + 1][N + 1];
      for (int from = 0; from < N; from++) {
        for (int to = 0; to < N; to++) {
          rates[to][from] += gamma / N;
        }
        rates[MASK][from] += 1 - gamma;
        rates[from][from] -= 1;
      }
      return rates;
    }

    /** q(· | clean): one column of exp(σQ), by its series. */
    double[] marginal() {
      double[][] generator = generator();
      double[] term = new double[N + 1];
      term[clean] = 1;
      double[] sum = term.clone();
      for (int power = 1; power < 200; power++) {
        double[] next = new double[N + 1];
        for (int to = 0; to <= N; to++) {
          for (int from = 0; from <= N; from++) {
            next[to] += generator[to][from] * term[from] * sigma() / power;
          }
        }
        term = next;
        for (int i = 0; i <= N; i++) {
          sum[i] += term[i];
        }
      }
      return sum;
    }

    double[] trueRatios() {
      double[] marginal = marginal();
      return Arrays.stream(marginal).limit(N).map(each -> each / marginal[noised]).toArray();
    }

    /** The definition, term by term. */
    double nats(double[] logScores) {
      double[] ratios = trueRatios();
      double[][] generator = generator();
      double sum = 0;
      for (int y = 0; y < N; y++) {
        if (y != noised) {
          double ratio = ratios[y];
          double entropy = ratio == 0 ? 0 : ratio * (Math.log(ratio) - 1);
          sum += generator[noised][y] * (Math.exp(logScores[y]) - ratio * logScores[y] + entropy);
        }
      }
      return sigmaRate() * sum;
    }
  }

  static Stream<Case> cases() {
    var cases = new ArrayList<Case>();
    for (double gamma : new double[] {0, 0.01, 0.05, 0.3, 1}) {
      for (NoiseSchedule schedule :
          List.<NoiseSchedule>of(new LogLinear(5e-3), new Geometric(1e-2, 4))) {
        for (double time : new double[] {0.05, 0.5, 0.98}) {
          if (gamma < 1) {
            cases.add(new Case(gamma, schedule, time, 2, MASK));
          }
          if (gamma > 0) {
            cases.add(new Case(gamma, schedule, time, 2, 2));
            cases.add(new Case(gamma, schedule, time, 2, 4));
          }
        }
      }
    }
    return cases.stream();
  }

  private static Tensor row(double[] logScores) {
    return Tensors.of(logScores, 1, N);
  }

  private static double[] someScores(Case each) {
    var random = new Random(each.hashCode());
    return random.doubles(N, -4, 4).toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void itIsItsDefinition(Case each) {
    double[] scores = someScores(each);
    double nats = EXACT.nats(List.of(each.row()), row(scores)).item();
    assertThat(EXACT.asks(each.row())).isTrue();
    assertThat(nats).isCloseTo(each.nats(scores), within(1e-7 * Math.max(1, Math.abs(nats))));
    assertThat(nats).isGreaterThan(0);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void itVanishesWithItsGradientAtTheTrueRatios(Case each) {
    double[] scores = Arrays.stream(each.trueRatios()).map(ScoreEntropyTest::log).toArray();
    Tensor leaf = row(scores).requireGradient();
    Tensor nats = EXACT.nats(List.of(each.row()), leaf);
    assertThat(nats.item()).isCloseTo(0, within(1e-6));
    nats.sum().backward();
    for (double slope : leaf.gradient().toDoubles()) {
      assertThat(slope).isCloseTo(0, within(1e-6));
    }
  }

  /** Pure absorbing noise has ratios of 0; a score small enough stands for it. */
  private static double log(double ratio) {
    return ratio == 0 ? -30 : Math.log(ratio);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theScoreOfTheTokenItselfDoesNotCount(Case each) {
    double[] scores = someScores(each);
    double before = EXACT.nats(List.of(each.row()), row(scores)).item();
    if (each.noised < N) {
      scores[each.noised] += 50;
      Tensor leaf = row(scores).requireGradient();
      Tensor nats = EXACT.nats(List.of(each.row()), leaf);
      assertThat(nats.item()).isCloseTo(before, within(1e-9 * Math.abs(before)));
      nats.sum().backward();
      assertThat(leaf.gradient().toDoubles()[each.noised]).isZero();
    }
  }

  @Test
  void rowsOfAllKindsAreCountedApart() {
    List<Case> all = cases().toList();
    double[][] scores = all.stream().map(ScoreEntropyTest::someScores).toArray(double[][]::new);
    double[] flat = Arrays.stream(scores).flatMapToDouble(Arrays::stream).toArray();
    double[] together =
        EXACT
            .nats(all.stream().map(Case::row).toList(), Tensors.of(flat, all.size(), N))
            .toDoubles();
    for (int i = 0; i < together.length; i++) {
      double alone = EXACT.nats(List.of(all.get(i).row()), row(scores[i])).item();
      assertThat(together[i]).isCloseTo(alone, within(1e-12 * Math.max(1, Math.abs(alone))));
    }
  }

  @Test
  void underAbsorbingNoiseOnlyMasksAreAskedForAndUnderUniformOnlyTokens() {
    assertThat(EXACT.asks(rowOf(new Absorb(), MASK))).isTrue();
    assertThat(EXACT.asks(rowOf(new Absorb(), 2))).isFalse();
    assertThat(EXACT.asks(rowOf(new Uniform(), 2))).isTrue();
  }

  private static NoisedRow rowOf(NoiseProcess process, int noised) {
    var call = new NoisedRow.Call(new Noise(process, new LogLinear(5e-3)), 0.5, 1, false, 1, 1);
    return new NoisedRow(0, 0, 2, noised, noised == MASK ? Fate.MASKED : Fate.KEPT, call);
  }

  /** The formula of Lou et al.: of a mask 1/(e^σ − 1) is the only ratio that is not 0. */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.5, 0.98})
  void withoutScatterItIsTheAbsorbingLossOfSedd(double time) {
    var masked = new Case(0, new LogLinear(5e-3), time, 2, MASK);
    double[] scores = someScores(masked);
    double ratio = 1 / Math.expm1(masked.sigma());
    double sum = Arrays.stream(scores).map(Math::exp).sum();
    double expected = sum - ratio * scores[2] + ratio * (Math.log(ratio) - 1);
    assertThat(EXACT.nats(List.of(masked.row()), row(scores)).item() / masked.sigmaRate())
        .isCloseTo(expected, within(1e-9 * expected));
  }

  /** Theirs for uniform noise, in which the rate 1/N makes means of sums. */
  @ParameterizedTest
  @CsvSource({"0.05, 2", "0.05, 4", "0.5, 2", "0.5, 4", "0.98, 2", "0.98, 4"})
  void withoutMasksItIsTheUniformLossOfSedd(double time, int noised) {
    var real = new Case(1, new LogLinear(5e-3), time, 2, noised);
    double[] scores = someScores(real);
    double lost = Math.expm1(real.sigma());
    double ratio = 1 - N / (lost + N);
    double logs = (Arrays.stream(scores).sum() - scores[noised]) / N;
    double sum = (Arrays.stream(scores).map(Math::exp).sum() - Math.exp(scores[noised])) / N;
    double negative = noised == 2 ? ratio * logs : scores[2] / lost + logs;
    double constant =
        noised == 2
            ? (N - 1.0) / N * ratio * (Math.log(ratio) - 1)
            : ((-Math.log(ratio) - 1) / ratio - (N - 2)) / N;
    double expected = sum - negative + constant;
    assertThat(EXACT.nats(List.of(real.row()), row(scores)).item() / real.sigmaRate())
        .isCloseTo(expected, within(1e-9 * expected));
  }

  /** Ratios go from 1e-10 to 1e10 there; a difference of large terms would show. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-4, 1e-2, 1, 5.3, 12})
  void overALargeVocabularyItIsGoodInSinglePrecision(double sigma) {
    int tokens = 50_257;
    var noise = new Noise(new GammaHybrid(0.01), new Geometric(sigma, 2 * sigma));
    double hazard = -noise.schedule().alphaRate(0) / (1 - noise.schedule().alpha(0));
    var call = new NoisedRow.Call(noise, 0, hazard, false, 1, 1);
    var rows =
        List.of(
            new NoisedRow(0, 0, 7, tokens, Fate.MASKED, call),
            new NoisedRow(0, 0, 7, 7, Fate.KEPT, call),
            new NoisedRow(0, 0, 7, 9, Fate.SCATTERED, call));
    double usual = -Math.log(Math.expm1(sigma)) - Math.log(tokens);
    var random = new Random(3);
    double[] scores = random.doubles(3L * tokens, -6, 6).map(each -> each + usual).toArray();
    Tensor twice = Tensors.of(scores, 3, tokens).requireGradient();
    Tensor once = Tensors.of(scores, 3, tokens).to(DType.FLOAT32).detached().requireGradient();
    double[] exact = EXACT.nats(rows, twice).toDoubles();
    double[] single = EXACT.nats(rows, once).toDoubles();
    for (int row = 0; row < 3; row++) {
      assertThat(single[row]).isCloseTo(exact[row], within(1e-5 * exact[row]));
    }
    EXACT.nats(rows, twice).sum().backward();
    EXACT.nats(rows, once).sum().backward();
    Tensor difference = once.gradient().to(DType.FLOAT64).subtract(twice.gradient());
    assertThat(size(difference)).isLessThan(1e-5 * size(twice.gradient()));
  }

  private static double size(Tensor tensor) {
    return Arrays.stream(tensor.toDoubles()).map(Math::abs).sum();
  }

  @Test
  void aNoiseThatScattersAtTheVeryStartIsRefused() {
    EXACT.requireFit(noising(new GammaHybrid(0.1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EXACT.requireFit(noising(new EpsilonHybrid(0.1))))
        .withMessageContaining("EpsilonHybrid[epsilon=0.1] scatters at the very start");
  }

  private static Noising noising(NoiseProcess process) {
    var noise = new Noise(process, new LogLinear(5e-3));
    var times = Noising.Times.CONTINUOUS;
    return new Noising(new Flat(3), times, new CausalContext(), noise, new Corruption(N, N));
  }

  /** Spec 2.2.4: N = 5, γ = 0.01, σ = 0.2, at the true ratios. */
  @Test
  void theOfficialFormIsNotZeroAtTheTrueRatios() {
    var schedule = new LogLinear(5e-3);
    double time = (1 - Math.exp(-0.2)) / (1 - 5e-3);
    assertThat(official(new Case(0.01, schedule, time, 2, MASK))).isCloseTo(0.007, within(5e-4));
    assertThat(official(new Case(0.01, schedule, time, 2, 2))).isCloseTo(0.001, within(5e-4));
    assertThat(official(new Case(0.01, schedule, time, 2, 4))).isCloseTo(4.73, within(5e-3));
  }

  private static double official(Case each) {
    double[] scores = Arrays.stream(each.trueRatios()).map(Math::log).toArray();
    var form = new ScoreEntropy(Form.OFFICIAL);
    return form.nats(List.of(each.row()), row(scores)).item() / each.sigmaRate();
  }
}
