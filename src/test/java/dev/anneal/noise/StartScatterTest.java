package dev.anneal.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StartScatterTest {
  private static final double[] CONTEXT = {0.4, 0.05, 0.25, 0.2, 0.1};
  private static final int N = CONTEXT.length;

  /** What is known of a real token that is seen to be 1, if a share of all tokens is scattered. */
  private static double[] posterior(double share) {
    double[] joint = new double[N];
    Arrays.setAll(joint, x -> CONTEXT[x] * (share / N + (x == 1 ? 1 - share : 0)));
    double sum = Arrays.stream(joint).sum();
    return Arrays.stream(joint).map(each -> each / sum).toArray();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.3, 0.5, 1})
  void trustMakesAGuessThatTakesHalfForScatteredThePosterior(double epsilon) {
    double[] guess = posterior(0.5);
    guess[1] *= new StartScatter(epsilon).trust(N);
    double sum = Arrays.stream(guess).sum();
    double[] made = Arrays.stream(guess).map(each -> each / sum).toArray();
    assertThat(made).containsExactly(posterior(epsilon), within(1e-12));
  }

  @Test
  void onlyTheEpsilonFamilyScattersAtTheStartAlone() {
    assertThat(StartScatter.of(new EpsilonHybrid(0.2))).contains(new StartScatter(0.2));
    assertThat(StartScatter.of(new Absorb())).contains(new StartScatter(0));
    assertThat(StartScatter.of(new GammaHybrid(0))).contains(new StartScatter(0));
    assertThat(List.of(new Uniform(), new GammaHybrid(0.1), new Gidd(0.1, 1), new Gidd(0.1, 0)))
        .allMatch(process -> StartScatter.of(process).isEmpty());
  }
}
