package dev.anneal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;

class NoiseScheduleTest {

  @Provide
  Arbitrary<NoiseSchedule> schedules() {
    return Arbitraries.of(
        new Linear(),
        new LogLinear(5e-3),
        new LogLinear(0.9),
        new Geometric(1e-4, 10),
        new Geometric(0.5, 2));
  }

  @Example
  void everyMemberIsAmongTheExamples() {
    assertThat(schedules().allValues().orElseThrow().map(Object::getClass))
        .contains(NoiseSchedule.class.getPermittedSubclasses());
  }

  @Property(tries = 500)
  void theRateIsTheSlopeOfTheSurvival(
      @ForAll("schedules") NoiseSchedule schedule,
      @ForAll @Scale(6) @DoubleRange(min = 0.001, max = 0.999) double time) {
    double step = 1e-5;
    double slope = (schedule.alpha(time + step) - schedule.alpha(time - step)) / (2 * step);
    assertThat(schedule.alphaRate(time)).isNegative().isCloseTo(slope, within(1e-6));
  }

  @Property(tries = 500)
  void survivalIsAChanceAndSigmaItsLogarithm(
      @ForAll("schedules") NoiseSchedule schedule,
      @ForAll @Scale(6) @DoubleRange(max = 1) double time) {
    double alpha = schedule.alpha(time);
    assertThat(alpha).isBetween(0.0, 1.0);
    assertThat(Math.exp(-schedule.sigma(time))).isCloseTo(alpha, within(1e-12));
  }

  @Example
  void linearLosesEverythingAtTimeOne() {
    assertThat(new Linear().alpha(0)).isEqualTo(1);
    assertThat(new Linear().sigma(0)).isZero();
    assertThat(new Linear().alpha(0.25)).isEqualTo(0.75);
    assertThat(new Linear().alpha(1)).isZero();
    assertThat(new Linear().sigma(1)).isInfinite();
  }

  @Example
  void logLinearEndsWhereTheSpecificationSays() {
    assertThat(new LogLinear(5e-3).sigma(1)).isCloseTo(5.2983, within(5e-5));
    assertThat(new LogLinear(5e-3).alpha(0.5)).isCloseTo(0.5025, within(1e-12));
  }

  @Example
  void geometricGrowsByTheSameFactor() {
    var schedule = new Geometric(0.01, 100);
    assertThat(schedule.sigma(0)).isCloseTo(0.01, within(1e-12));
    assertThat(schedule.sigma(0.5)).isCloseTo(1, within(1e-12));
    assertThat(schedule.sigma(1)).isCloseTo(100, within(1e-9));
  }

  @Property(tries = 20)
  void aTimeOutsideIsRefused(@ForAll("schedules") NoiseSchedule schedule) {
    for (double time : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> schedule.alpha(time))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("time %s is outside 0 (clean) … 1 (noise)", time);
      assertThatThrownBy(() -> schedule.alphaRate(time)).hasMessageContaining("time " + time);
    }
  }

  @Example
  void parametersThatAreNoSurvivalOrNoGrowthAreRefused() {
    assertThatThrownBy(() -> new LogLinear(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("floor 0.0");
    assertThatThrownBy(() -> new LogLinear(1)).hasMessageContaining("floor 1.0");
    assertThatThrownBy(() -> new LogLinear(Double.NaN)).hasMessageContaining("floor NaN");
    assertThatThrownBy(() -> new Geometric(2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("smallest 2.0 to largest 1.0");
    assertThatThrownBy(() -> new Geometric(0, 1)).hasMessageContaining("smallest 0.0");
  }
}
