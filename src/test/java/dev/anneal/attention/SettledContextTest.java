package dev.anneal.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The laws of every member, and each member on a small example. */
class SettledContextTest {

  private static final int MOST_SETTLED = 60;

  @Provide
  static Arbitrary<SettledContext> contexts() {
    return Arbitraries.oneOf(
        Arbitraries.of(new CausalContext(), new FullContext()),
        Arbitraries.integers().between(1, 9).map(BlockCausalContext::new));
  }

  @Example
  void everyMemberIsAmongTheExamples() {
    assertThat(contexts().sampleStream().limit(200).map(Object::getClass))
        .contains(SettledContext.class.getPermittedSubclasses());
  }

  @Property(tries = 200)
  void exactlyTheCacheableTokensHaveHorizonsThatNeverGrow(
      @ForAll("contexts") SettledContext context, @ForAll @IntRange(max = 40) int settled) {
    int stable = 0;
    while (stable < settled && isFinal(context, stable, settled)) {
      stable++;
    }
    assertThat(context.cacheable(settled)).isEqualTo(stable);
  }

  @Property(tries = 200)
  void aHorizonReachesItselfAndNoFurtherThanWhatIsSettled(
      @ForAll("contexts") SettledContext context,
      @ForAll @IntRange(min = 1, max = 40) int settled) {
    int[] horizons = horizons(context, settled);
    assertThat(horizons).isSorted();
    for (int order = 0; order < settled; order++) {
      assertThat(horizons[order]).isBetween(order + 1, settled);
    }
  }

  @Example
  void causalLooksBackBlocksLookAroundAndFullLooksEverywhere() {
    assertThat(horizons(new CausalContext(), 5)).containsExactly(1, 2, 3, 4, 5);
    assertThat(horizons(new BlockCausalContext(2), 5)).containsExactly(2, 2, 4, 4, 5);
    assertThat(horizons(new FullContext(), 5)).containsExactly(5, 5, 5, 5, 5);
  }

  @Example
  void aWidthThatIsNotPositiveIsRefused() {
    assertThatThrownBy(() -> new BlockCausalContext(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("width 0 is not positive: expected at least 1");
  }

  @Example
  void theWidestBlockDoesNotOverflow() {
    assertThat(new BlockCausalContext(Integer.MAX_VALUE - 1).horizon(Integer.MAX_VALUE - 1, 9))
        .isEqualTo(9);
  }

  private static int[] horizons(SettledContext context, int settled) {
    return IntStream.range(0, settled).map(order -> context.horizon(order, settled)).toArray();
  }

  private static boolean isFinal(SettledContext context, int order, int settled) {
    return IntStream.rangeClosed(settled, MOST_SETTLED)
        .allMatch(more -> context.horizon(order, more) == context.horizon(order, settled));
  }
}
