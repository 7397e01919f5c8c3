package dev.anneal.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every permitted process owes, at several values of its parameters. */
class NoiseContractTest {

  private static final double[] FALLING_ALPHAS = {1, 1 - 1e-9, 0.9, 0.5, 0.1, 1e-4, 1e-300, 0};

  static List<NoiseProcess> members() {
    return Processes.all();
  }

  @Test
  void everyMemberIsComparedWithThePlainTruth() {
    List<Class<?>> compared = new ArrayList<>();
    Dense.truths().forEach(truth -> compared.add(truth.process().getClass()));

    assertThat(compared).contains(NoiseProcess.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("members")
  void chancesSumToOne(NoiseProcess process) {
    for (double alpha : FALLING_ALPHAS) {
      Chances chances = process.chances(alpha);
      assertThat(List.of(chances.kept(), chances.scattered(), chances.masked()))
          .allMatch(chance -> chance >= 0 && chance <= 1);
      assertThat(chances.kept() + chances.scattered() + chances.masked())
          .isBetween(1 - 1e-15, 1 + 1e-15);
    }
  }

  @ParameterizedTest
  @MethodSource("members")
  void nothingSurvivesAtTheFarEnd(NoiseProcess process) {
    assertThat(process.chances(0).kept()).isZero();
  }

  @ParameterizedTest
  @MethodSource("members")
  void theStateIsTheKernelFromTheCleanState(NoiseProcess process) {
    for (double alpha : FALLING_ALPHAS) {
      Chances chances = process.chances(alpha);
      assertSame(Dense.of(chances.since(Chances.CLEAN)), Dense.of(chances));
    }
  }

  @ParameterizedTest
  @MethodSource("members")
  void aStateFollowsItselfByTheIdentity(NoiseProcess process) {
    for (double alpha : FALLING_ALPHAS) {
      assertSame(Dense.of(process.chances(alpha).since(process.chances(alpha))), Dense.identity());
    }
  }

  @ParameterizedTest
  @MethodSource("members")
  void kernelsCompose(NoiseProcess process) {
    List<Chances> states = Arrays.stream(FALLING_ALPHAS).mapToObj(process::chances).toList();
    for (int later = 0; later < states.size(); later++) {
      for (int middle = 0; middle <= later; middle++) {
        for (int earlier = 0; earlier <= middle; earlier++) {
          Chances direct = states.get(later).since(states.get(earlier));
          Chances first = states.get(middle).since(states.get(earlier));
          Chances second = states.get(later).since(states.get(middle));
          assertSame(Dense.times(Dense.of(second), Dense.of(first)), Dense.of(direct));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("members")
  void noiseDoesNotRunBackwards(NoiseProcess process) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> process.chances(0.7).since(process.chances(0.3)))
        .withMessageContaining("cannot follow");
  }

  @ParameterizedTest
  @MethodSource("members")
  void anAlphaThatIsNoChanceIsRefused(NoiseProcess process) {
    for (double alpha : new double[] {-1e-9, 1 + 1e-9, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> process.chances(alpha))
          .withMessage("alpha is %s; expected a number from 0 to 1", alpha);
    }
  }

  private static void assertSame(double[][] actual, double[][] expected) {
    assertThat(Dense.largestDifference(actual, expected)).isLessThan(1e-12);
  }
}
