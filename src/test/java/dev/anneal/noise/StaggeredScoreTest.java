package dev.anneal.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The way back as SEDD writes it: the score s(y) = p(y)/p(x), staggered by exp(−Δσ Q), times the
 * chances of x. Of the true score it is the posterior, and what {@link Posterior} makes of the true
 * guess.
 */
class StaggeredScoreTest {

  private static final double[] SOURCE = {0.4, 0.05, 0.25, 0.2, 0.1};
  private static final Offset<Double> NEAR = within(1e-10);

  /** A process that has no start of its own, what it shows, and a step back. */
  record Case(Dense.Truth truth, double sigma, double step, int shown) {

    /** p(y) after some noise, the mask last. */
    double[] marginal(double noise) {
      double[][] transition = truth.transition(0, noise);
      double[] marginal = new double[Dense.STATES];
      for (int to = 0; to < Dense.STATES; to++) {
        for (int clean = 0; clean < Dense.TOKENS; clean++) {
          marginal[to] += transition[to][clean] * SOURCE[clean];
        }
      }
      return marginal;
    }

    double[] staggered() {
      double[] now = marginal(sigma);
      double[][] back = truth.transition(step, 0);
      double[] staggered = new double[Dense.STATES];
      for (int to = 0; to < Dense.STATES; to++) {
        for (int from = 0; from < Dense.STATES; from++) {
          staggered[to] += back[to][from] * now[from] / now[shown];
        }
      }
      return staggered;
    }

    /** The chance to become what is shown, of each earlier token. */
    double[] row() {
      return truth.transition(0, step)[shown];
    }

    double[] posterior() {
      double[] earlier = marginal(sigma - step);
      double now = marginal(sigma)[shown];
      double[] posterior = new double[Dense.STATES];
      Arrays.setAll(posterior, was -> earlier[was] * row()[was] / now);
      return posterior;
    }

    /** What is known of the clean token. */
    double[] guess() {
      double[][] transition = truth.transition(0, sigma);
      double now = marginal(sigma)[shown];
      double[] guess = new double[Dense.TOKENS];
      Arrays.setAll(guess, clean -> SOURCE[clean] * transition[shown][clean] / now);
      return guess;
    }
  }

  static Stream<Case> cases() {
    return Dense.truths().stream()
        .filter(Dense.Operators.class::isInstance)
        .map(Dense.Operators.class::cast)
        .filter(truth -> truth.epsilon() == 0)
        .flatMap(
            truth ->
                Stream.of(0.1, 0.8, 3.0)
                    .flatMap(step -> Stream.of(0.0, 0.5).map(more -> new double[] {step, more}))
                    .flatMap(
                        pair ->
                            Stream.of(1, Dense.MASK)
                                .map(shown -> new Case(truth, pair[0] + pair[1], pair[0], shown))))
        .filter(each -> each.marginal(each.sigma)[each.shown] > 0);
  }

  private static double[] product(Case each) {
    double[] product = each.staggered();
    Arrays.setAll(product, was -> product[was] * each.row()[was]);
    return product;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theStaggeredTrueScoreTimesTheRowIsThePosterior(Case each) {
    double[] product = product(each);
    assertThat(product).containsExactly(each.posterior(), NEAR);
    assertThat(Arrays.stream(product).sum()).isCloseTo(1, NEAR);
    if (each.step == each.sigma) {
      double[] clean = Arrays.copyOf(each.guess(), Dense.STATES); // and no mask
      assertThat(product).containsExactly(clean, NEAR);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theWayBackIsTheStaggeredTrueScoreTimesTheRow(Case each) {
    Chances earlier = each.truth.chances(each.sigma - each.step);
    var back = new Posterior(earlier, each.truth.chances(each.sigma));
    assertThat(back.given(each.shown, each.guess())).containsExactly(product(each), NEAR);
  }
}
