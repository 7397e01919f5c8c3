package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.model.Reading;
import dev.anneal.model.Scores;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Chances;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Fate;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Gidd;
import dev.anneal.noise.Noise;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.noise.Uniform;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Geometric;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.NoiseSchedule;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The bound in continuous time on texts of one token, of which the source is known. */
@ExtendWith(InScope.class)
class ScoreBoundTest {

  private static final int N = 5;
  private static final double[] SOURCE = {0.4, 0.05, 0.25, 0.2, 0.1};
  private static final ScoreEntropy ENTROPY = new ScoreEntropy(ScoreEntropy.Form.EXACT);

  static Stream<Noise> noises() {
    List<NoiseProcess> processes =
        List.of(
            new Absorb(),
            new Uniform(),
            new GammaHybrid(0.05),
            new GammaHybrid(0.4),
            new Gidd(0.2, 1));
    List<NoiseSchedule> schedules = List.of(new LogLinear(1e-5), new Geometric(1e-3, 12));
    return processes.stream()
        .flatMap(process -> schedules.stream().map(schedule -> new Noise(process, schedule)));
  }

  /** q(now | clean), written down. */
  private static double chance(Chances chances, int now, int clean) {
    if (now == N) {
      return chances.masked();
    }
    return chances.scattered() / N + (now == clean ? chances.kept() : 0);
  }

  /** Bayes' guess of the clean token. */
  private static double[] guess(Chances chances, int now) {
    double[] joint =
        IntStream.range(0, N)
            .mapToDouble(clean -> SOURCE[clean] * chance(chances, now, clean))
            .toArray();
    double sum = Arrays.stream(joint).sum();
    return Arrays.stream(joint).map(each -> each / sum).toArray();
  }

  private static Tensor scores(List<NoisedRow> rows) {
    var chances = rows.stream().map(row -> row.call().chances()).toList();
    int[] ids = rows.stream().mapToInt(NoisedRow::noised).toArray();
    double[] logits =
        IntStream.range(0, ids.length)
            .boxed()
            .flatMapToDouble(row -> Arrays.stream(guess(chances.get(row), ids[row])))
            .map(each -> Math.log(Math.max(each, 1e-290)))
            .toArray();
    return Scores.logScores(Tensors.of(logits, ids.length, N), ids, chances);
  }

  private static NoisedRow row(Noise noise, double time, int clean, int now) {
    NoiseSchedule schedule = noise.schedule();
    double hazard = -schedule.alphaRate(time) / (1 - schedule.alpha(time));
    Fate fate = now == N ? Fate.MASKED : now == clean ? Fate.KEPT : Fate.SCATTERED;
    return new NoisedRow(
        0, 0, clean, now, fate, new NoisedRow.Call(noise, time, hazard, false, 1, 1));
  }

  /**
   * The mean over the noise of what a token costs, integrated over time by Simpson's rule in x; the
   * time stands almost still where x is near 0 and 1, as the ends are steep.
   */
  private static double integral(Noise noise, int clean) {
    int cells = 600;
    var rows = new ArrayList<NoisedRow>();
    var weights = new ArrayList<Double>();
    for (int i = 1; i < cells; i++) {
      double x = i / (double) cells;
      double time = x * x * x * (x * (6 * x - 15) + 10);
      double slope = 30 * x * x * (1 - x) * (1 - x);
      for (int now = 0; now <= N; now++) {
        double chance = chance(noise.at(time), now, clean);
        NoisedRow row = row(noise, time, clean, now);
        if (chance > 0 && ENTROPY.asks(row)) {
          rows.add(row);
          weights.add((i % 2 == 1 ? 4 : 2) * slope * chance / (3 * cells));
        }
      }
    }
    double[] nats = ENTROPY.nats(rows, scores(rows)).toDoubles();
    return IntStream.range(0, nats.length).mapToDouble(row -> weights.get(row) * nats[row]).sum();
  }

  @ParameterizedTest
  @MethodSource("noises")
  void withTheTrueScoresItIsTheNegativeLogLikelihoodOfOneToken(Noise noise) {
    for (int clean = 0; clean < 2; clean++) {
      double start = costAtStart(noise, clean);
      // What survives at time 1 costs the mixture of sources, not the prior.
      double bound = integral(noise, clean) + start + divergenceAtEnd(noise, clean);
      assertThat(bound).isCloseTo(-Math.log(SOURCE[clean]), within(2e-3));
    }
  }

  private static double costAtStart(Noise noise, int clean) {
    Chances chances = noise.at(0);
    return IntStream.rangeClosed(0, N)
        .filter(now -> chance(chances, now, clean) > 0)
        .mapToDouble(now -> -chance(chances, now, clean) * Math.log(guess(chances, now)[clean]))
        .sum();
  }

  /** KL(q(x1 | x0) ‖ q(x1)), by hand. */
  private static double divergenceAtEnd(Noise noise, int clean) {
    Chances chances = noise.at(1);
    double sum = 0;
    for (int now = 0; now <= N; now++) {
      int seen = now;
      double chance = chance(chances, now, clean);
      double marginal =
          IntStream.range(0, N).mapToDouble(x -> SOURCE[x] * chance(chances, seen, x)).sum();
      sum += chance == 0 ? 0 : chance * Math.log(chance / marginal);
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("noises")
  void theMeanOverTextsIsLeastAtTheMarginalScore(Noise noise) {
    Chances chances = noise.at(0.6);
    for (int now = 0; now <= N; now++) {
      var rows = new ArrayList<NoisedRow>();
      var weights = new ArrayList<Double>();
      for (int clean = 0; clean < N; clean++) {
        double weight = SOURCE[clean] * chance(chances, now, clean);
        if (weight > 0 && ENTROPY.asks(row(noise, 0.6, clean, now))) {
          rows.add(row(noise, 0.6, clean, now));
          weights.add(weight);
        }
      }
      if (rows.isEmpty()) {
        continue;
      }
      Tensor leaf = Tensors.of(scores(rows.subList(0, 1)).toDoubles(), 1, N).requireGradient();
      Tensor spread = Tensors.full(1, leaf.dtype(), leaf.device(), rows.size(), 1).multiply(leaf);
      double[] flat = weights.stream().mapToDouble(Double::doubleValue).toArray();
      ENTROPY.nats(rows, spread).multiply(Tensors.of(flat, rows.size())).sum().backward();
      double scale = DoubleStream.of(flat).sum();
      for (double slope : leaf.gradient().toDoubles()) {
        assertThat(slope / scale).isCloseTo(0, within(1e-8));
      }
    }
  }

  /** Spec 6.1: 0.5 % of the tokens are still clean at time 1. */
  @ParameterizedTest
  @CsvSource({"0.01, 0.06367", "0.05, 0.05508"})
  void thePriorCostsWhatIsStillCleanAtTheEnd(double gamma, double nats) {
    var noise = new Noise(new GammaHybrid(gamma), new LogLinear(5e-3));
    assertThat(PriorCost.nats(noise, 50257)).isCloseTo(nats, within(1e-5));
  }

  @Test
  void thePriorIsADivergence() {
    for (double gamma : new double[] {0.05, 0.5, 1}) {
      var noise = new Noise(new GammaHybrid(gamma), new LogLinear(0.2));
      Chances last = noise.at(1);
      Chances prior = noise.prior();
      double sum = 0;
      for (int now = 0; now <= N; now++) {
        double chance = chance(last, now, 3);
        sum += chance == 0 ? 0 : chance * Math.log(chance / chance(prior, now, -1));
      }
      assertThat(PriorCost.nats(noise, N)).isCloseTo(sum, within(1e-12)).isPositive();
    }
  }

  @Test
  void whatSurvivesAnAbsorbingNoiseTheMaskCannotExplain() {
    assertThat(PriorCost.nats(new Noise(new Absorb(), new LogLinear(1e-3)), N)).isInfinite();
    var bound = Bound.of(noising(new Noise(new Absorb(), new LogLinear(1e-3))), Reading.SCORE);
    assertThat(bound.constant()).isZero(); // its schedule is followed to the end
  }

  @Test
  void guessesUnderTheEpsilonFamilyAreBoundByCallsAndAllElseByTimes() {
    var epsilon = new Noise(new EpsilonHybrid(0.1), new Linear());
    var gamma = new Noise(new GammaHybrid(0.1), new LogLinear(1e-3));
    var guess = Reading.GUESS;
    assertThat(Bound.of(noising(epsilon), guess).parts())
        .allMatch(part -> part.objective() instanceof HybridBound);
    assertThat(Bound.of(noising(gamma), guess).parts())
        .allMatch(part -> part.objective() instanceof ScoreEntropy);
    assertThat(Bound.of(noising(epsilon), Reading.SCORE).parts())
        .anyMatch(part -> part.objective() instanceof ScoreEntropy)
        .anyMatch(part -> part.objective() instanceof Reconstruction);
  }

  private static Noising noising(Noise noise) {
    return new Noising(
        new Flat(3), Noising.Times.GRID, new CausalContext(), noise, new Corruption(N, N));
  }
}
