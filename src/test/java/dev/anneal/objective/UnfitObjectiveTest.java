package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.attention.CausalContext;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.noise.Uniform;
import dev.anneal.objective.Noising.Times;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.NoiseSchedule;
import dev.anneal.schedule.Quenched;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Objectives that a recipe names and its noise or hyperschedule does not fit, before a run. */
final class UnfitObjectiveTest {

  private static Noising noising(Hyperschedule hyperschedule, Times times, Noise noise) {
    return new Noising(hyperschedule, times, new CausalContext(), noise, new Corruption(5, 5));
  }

  private static Noise noise(NoiseProcess process, NoiseSchedule schedule) {
    return new Noise(process, schedule);
  }

  private static void assertRefused(Objective objective, Noising noising, String reason) {
    assertThatThrownBy(() -> objective.requireFit(noising))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }

  /** It sees only the moment before tokens settle; a recipe's times are never that. */
  @ParameterizedTest
  @EnumSource(
      value = Times.class,
      names = {"GRID", "CONTINUOUS"})
  void reconstructionTrainsNothing(Times usual) {
    var part = new Reconstruction();
    var noising = noising(new Flat(3), part.times(usual), noise(new Absorb(), new Linear()));
    assertRefused(part, noising, "no objective to train with: expected epsilon-cross-entropy");
  }

  @Test
  void theHybridBoundOfAnotherNoiseIsRefused() {
    var noising = noising(new Flat(3), Times.GRID, noise(new EpsilonHybrid(0.1), new Linear()));
    assertThatCode(() -> new HybridBound(0.1).requireFit(noising)).doesNotThrowAnyException();
    assertRefused(new HybridBound(0.2), noising, "expected the epsilon of the noise");
    assertRefused(
        new HybridBound(0),
        noising(new Flat(3), Times.GRID, noise(new Uniform(), new Linear())),
        "scatters as time goes on");
  }

  @Test
  void theNextTokenIsGuessedWhereItIsMaskedForCertain() {
    assertRefused(
        new NextToken(),
        noising(new Quenched(), Times.GRID, noise(new Absorb(), new LogLinear(1e-2))),
        "masked with chance 0.99: expected 1");
    assertRefused(
        new NextToken(),
        noising(new Flat(3), Times.GRID, noise(new Absorb(), new Linear())),
        "expected one level");
  }
}
