package dev.anneal.model;

import static dev.anneal.model.Networks.largestDifference;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.CausalContext;
import dev.anneal.tensor.Rerun;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

/** Calls that come again. */
@ParameterizedClass
@FieldSource("dev.anneal.model.Networks#ALL")
final class ReplaysTest {
  private static final double TOLERANCE = 1e-5;
  private static final int ROWS = 6;

  private final Architecture architecture;
  private final Rerun recorder = new Rerun();
  private Scope scope;
  private Parameters parameters;
  private Parameters plainParameters;
  private Network network;
  private Network plain;
  private KvCache cache;
  private KvCache plainCache;

  ReplaysTest(Architecture architecture) {
    this.architecture = architecture;
  }

  @BeforeEach
  void build() {
    scope = Scope.withoutGradient();
    parameters = Networks.random(architecture, 7).fixed(Optional.of(recorder));
    plainParameters = Networks.random(architecture, 7).fixed(Optional.empty());
    network = architecture.network(parameters);
    plain = architecture.network(plainParameters);
    cache = network.newCache(1, 24);
    plainCache = plain.newCache(1, 24);
  }

  @AfterEach
  void free() {
    cache.close();
    plainCache.close();
    network.close();
    plain.close();
    parameters.close();
    plainParameters.close();
    scope.close();
  }

  /** Some rows behind the cached ones, of which the first take their places in the cache. */
  private static Window window(int cached, int settling, int rows, int seed) {
    var pattern =
        AttentionPattern.settledActive(new CausalContext(), cached, cached + settling, rows);
    double[] sigmas = Networks.randomSigmas(settling + rows, seed);
    Arrays.fill(sigmas, 0, settling, 0);
    return new Window(
        Networks.randomIds(1, settling + rows, seed),
        new int[][] {IntStream.range(cached, cached + settling + rows).toArray()},
        new double[][] {sigmas},
        List.of(pattern),
        settling);
  }

  /** Asks both networks the same, and wants the same answer. */
  private void ask(Window window, int... rows) {
    double[] answer = answer(network, window, cache, rows);
    double[] expected = answer(plain, window, plainCache, rows);
    assertThat(largestDifference(answer, expected)).isLessThan(TOLERANCE);
  }

  private static double[] answer(Network asked, Window window, KvCache keysValues, int... rows) {
    return asked.answers(List.of(new Question(window, keysValues, rows))).getFirst().toDoubles();
  }

  private List<Integer> replayed() {
    return recorder.recordings().stream().map(Rerun.Repeated::replays).toList();
  }

  @Test
  void aCallThatComesAgainIsRecordedTheSecondTimeAndReplayedWithOtherTokensAndRows() {
    ask(window(0, 9, ROWS, 1), 10, 12);
    ask(window(9, 0, ROWS, 2), 0, 3);
    assertThat(replayed()).isEmpty();
    ask(window(9, 0, ROWS, 3), 5, 1, 4);
    ask(window(9, 0, ROWS, 4), 2);
    ask(window(9, 0, ROWS, 5), 0, 1, 2, 3, 4, 5);
    assertThat(replayed()).containsExactly(3);
  }

  @Test
  void aRecordingGoesWhenTheCacheTakesTokensIn() {
    for (int seed = 0; seed < 3; seed++) {
      ask(window(0, 0, ROWS, seed), 1, 2);
    }
    ask(window(0, 4, ROWS, 8), 5);
    assertThat(recorder.recordings()).singleElement().matches(Rerun.Repeated::isClosed);
    for (int seed = 0; seed < 3; seed++) {
      ask(window(4, 0, ROWS, seed), 1, 2);
    }
    assertThat(replayed()).containsExactly(2, 2);
  }

  @Test
  void otherNumbersOfRowsAreOtherCallsAndTheLastOnesAreKept() {
    for (int round = 0; round < 2; round++) {
      for (int rows = 1; rows <= 10; rows++) { // more than are kept, so each is forgotten in time
        ask(window(0, 0, rows, rows), 0);
      }
    }
    assertThat(replayed()).isEmpty();
    for (int rows = 10; rows > 8; rows--) {
      ask(window(0, 0, rows, rows), 0);
    }
    assertThat(replayed()).containsExactly(1, 1);
  }

  @Test
  void callsThatHideRowsFromEachOtherAreMadeAnew() {
    var pattern =
        AttentionPattern.trainingPairs(new CausalContext(), 3, new int[] {2}, new int[] {4});
    var masked =
        new Window(
            Networks.randomIds(1, 5, 1),
            new int[][] {{0, 1, 2, 2, 3}},
            new double[][] {Networks.randomSigmas(5, 1)},
            List.of(pattern),
            0);
    for (int i = 0; i < 3; i++) {
      ask(masked, 3, 4);
    }
    assertThat(replayed()).isEmpty();
  }

  @Test
  void aCallOfSeveralQuestionsIsAnotherWhenOneOfTheirCachesHasMovedOn() {
    try (KvCache second = network.newCache(1, 24)) {
      for (int i = 0; i < 3; i++) {
        together(second);
      }
      assertThat(replayed()).containsExactly(2);
      answer(network, window(0, 4, ROWS, 8), second, 5);
      together(second);
      assertThat(replayed()).containsExactly(2);
    }
  }

  private void together(KvCache second) {
    List<Tensor> answers =
        network.answers(
            List.of(
                new Question(window(0, 0, ROWS, 1), cache, new int[] {0, 2}),
                new Question(window(second.settled(), 0, ROWS, 2), second, new int[] {1})));
    double[] expected = answer(plain, window(0, 0, ROWS, 1), plainCache, 0, 2);
    assertThat(largestDifference(answers.getFirst().toDoubles(), expected)).isLessThan(TOLERANCE);
  }

  @Test
  void whatIsKeptForReplaysIsFreedWithTheCache() {
    ask(window(0, 0, ROWS, 0), 1, 2); // lays the weights out
    long before = Tensor.live();
    KvCache other = network.newCache(1, 24);
    try (Scope calls = Scope.withoutGradient()) {
      for (int seed = 0; seed < 4; seed++) {
        var _ = answer(network, window(0, 0, ROWS, seed), other, 1, 2);
      }
    }
    other.close();
    assertThat(Tensor.live()).isEqualTo(before);
    assertThat(recorder.recordings()).isNotEmpty().allMatch(Rerun.Repeated::isClosed);
  }
}
