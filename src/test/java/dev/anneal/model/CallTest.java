package dev.anneal.model;

import static dev.anneal.model.Networks.largestDifference;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.CausalContext;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

/** Questions that share a call. */
@ParameterizedClass
@FieldSource("dev.anneal.model.Networks#ALL")
final class CallTest {
  private static final double TOLERANCE = 1e-5;

  private final Architecture architecture;
  private Scope scope;
  private Parameters parameters;
  private Network network;

  CallTest(Architecture architecture) {
    this.architecture = architecture;
  }

  @BeforeEach
  void build() {
    scope = Scope.withoutGradient();
    parameters = Networks.random(architecture, 7);
    network = architecture.network(parameters);
  }

  @AfterEach
  void free() {
    network.close();
    parameters.close();
    scope.close();
  }

  /** A request that has come so far: texts, tokens that were cached, that settled, are active. */
  private record Asker(int batch, int cached, int settled, int active, KvCache cache) {

    /** The tokens that a first call caches. */
    Question first() {
      return question(0, cached, 1, 11);
    }

    /** The call in question. */
    Question second() {
      return question(cached, settled, active, 12);
    }

    private Question question(int from, int to, int open, int seed) {
      var pattern = AttentionPattern.settledActive(new CausalContext(), from, to, open);
      int[] positions = IntStream.range(from, from + pattern.rows()).toArray();
      double[] sigmas = Networks.randomSigmas(pattern.rows(), seed);
      Arrays.fill(sigmas, 0, to - from, 0);
      var window =
          new Window(
              Networks.randomIds(batch, pattern.rows(), seed + 2L * active),
              Collections.nCopies(batch, positions).toArray(int[][]::new),
              Collections.nCopies(batch, sigmas).toArray(double[][]::new),
              Collections.nCopies(batch, pattern),
              to - from);
      int[] wanted = IntStream.range(to - from, pattern.rows()).toArray();
      return new Question(window, cache, wanted);
    }
  }

  private List<Asker> askers() {
    return List.of(
        new Asker(1, 9, 10, 1, network.newCache(1, 24)),
        new Asker(3, 2, 7, 5, network.newCache(3, 24)),
        new Asker(1, 0, 12, 9, network.newCache(1, 24)),
        new Asker(2, 4, 4, 7, network.newCache(2, 24)));
  }

  private double[] alone(Question question) {
    return network.logits(question.window(), question.cache(), question.rows()).toDoubles();
  }

  @Test
  void anAnswerIsTheSameAloneAndInCompany() {
    List<Asker> together = askers();
    List<Asker> alone = askers();
    alone.forEach(asker -> alone(asker.first()));
    network.answers(together.stream().map(Asker::first).toList());
    List<Tensor> answers = network.answers(together.stream().map(Asker::second).toList());
    for (int i = 0; i < answers.size(); i++) {
      double[] expected = alone(alone.get(i).second());
      assertThat(largestDifference(answers.get(i).toDoubles(), expected)).isLessThan(TOLERANCE);
      assertThat(together.get(i).cache().settled()).isEqualTo(alone.get(i).cache().settled());
    }
    together.forEach(asker -> asker.cache().close());
    alone.forEach(asker -> asker.cache().close());
  }

  @Test
  void aQuestionWithAnotherCacheIsRefusedAndLeavesAllCachesAsTheyWere() {
    List<Asker> askers = askers();
    List<Question> first = askers.stream().map(Asker::first).toList();
    var questions = new ArrayList<>(first);
    questions.add(askers.getFirst().second());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network.answers(questions))
        .withMessage("the window counts on 9 cached tokens, the cache holds 0");
    assertThat(askers).allMatch(asker -> asker.cache().settled() == 0);
    askers.forEach(asker -> asker.cache().close());
  }
}
