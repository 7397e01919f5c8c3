package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.data.ByteTokenizer;
import dev.anneal.evaluate.GenerationDetails.TextValues;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is counted in generated texts. */
final class GenerationQualityTest {

  @Test
  void distinctTokensHaveTheEntropyOfTheirNumber() {
    int[] distinct = IntStream.range(0, 1024).toArray();
    assertThat(UnigramEntropy.of(List.of(distinct)).value())
        .isCloseTo(Math.log(1024), within(1e-12));
    assertThat(UnigramEntropy.of(List.of(new int[] {4, 4, 4})).value()).isZero();
    assertThat(UnigramEntropy.of(List.of(new int[0])).value()).isZero();
  }

  @Test
  void entropyIsTheMeanOverTextsWithItsError() {
    var texts = List.of(new int[] {1, 1}, new int[] {1, 2}, new int[] {1, 2, 3, 4});
    Estimate entropy = UnigramEntropy.of(texts); // 0, log 2, 2 log 2
    assertThat(entropy.value()).isCloseTo(Math.log(2), within(1e-12));
    assertThat(entropy.standardError().orElseThrow())
        .isCloseTo(Math.log(2) / Math.sqrt(3), within(1e-12));
    assertThat(entropy.count()).isEqualTo(3);
  }

  @Test
  void runsAreCountedOverAllTexts() {
    var texts = List.of(new int[] {1, 2, 1, 2}, new int[] {2, 1}, new int[] {3});
    Estimate tokens = (Estimate) new Repetition(1).distinct(texts);
    assertThat(tokens.value()).isCloseTo(3 / 7.0, within(1e-12));
    Estimate pairs = (Estimate) new Repetition(2).distinct(texts); // 12 21 12, 21
    assertThat(pairs.value()).isCloseTo(2 / 4.0, within(1e-12));
    assertThat(new Repetition(5).distinct(texts)).isEqualTo(new Absent("no text has 5 tokens"));
  }

  @Test
  void theErrorOfDistinctRunsIsTheJackknifes() {
    var texts = List.of(new int[] {1, 1, 2}, new int[] {2, 3}, new int[] {1, 4, 5});
    double[] without = {5 / 5.0, 4 / 6.0, 3 / 5.0}; // without the first, the second, the third
    double mean = (without[0] + without[1] + without[2]) / 3;
    double squares = 0;
    for (double share : without) {
      squares += (share - mean) * (share - mean);
    }
    Estimate tokens = (Estimate) new Repetition(1).distinct(texts);
    assertThat(tokens.standardError().orElseThrow())
        .isCloseTo(Math.sqrt(squares * 2 / 3), within(1e-12));
    assertThat(((Estimate) new Repetition(1).distinct(List.of(new int[] {1}))).standardError())
        .isEqualTo(OptionalDouble.empty());
  }

  @Test
  void aTextRepeatsItself() {
    var texts = List.of(new int[] {1, 2, 1, 2, 1}, new int[] {7}, new int[] {1, 2, 3});
    Estimate repeated = (Estimate) new Repetition(2).repeated(texts); // 12 21 12 21; 12 23
    assertThat(repeated.value()).isCloseTo((0.5 + 0) / 2, within(1e-12));
    assertThat(repeated.count()).isEqualTo(2);
    assertThat(new Repetition(6).repeated(texts)).isEqualTo(new Absent("no text has 6 tokens"));
    assertThatThrownBy(() -> new Repetition(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatCannotBeComputedIsAbsentWithItsReason() {
    var texts =
        GenerationQuality.measure(new Samples(List.of("a"), List.of()), Judging.none()).figures();
    assertThat(texts)
        .containsOnlyKeys(
            "unigram_entropy",
            "distinct_1",
            "distinct_2",
            "distinct_3",
            "repeated_4",
            "judge_perplexity",
            "judge_perplexity_of_texts",
            "mauve");
    assertThat(texts.values()).hasOnlyElementsOfType(Absent.class);
    assertThat(texts).containsEntry("judge_perplexity", new Absent("no judge"));
    var ids =
        GenerationQuality.measure(
            Samples.generated(List.of(new int[] {97, 98}), new ByteTokenizer()), Judging.none());
    var entropy = new Estimate(Math.log(2), OptionalDouble.empty(), 1);
    assertThat(ids.figures()).containsEntry("unigram_entropy", entropy);
    assertThat(ids.texts())
        .containsExactly(new TextValues(2, OptionalDouble.of(Math.log(2)), OptionalDouble.empty()));
    assertThat(entropy.entry()).containsOnlyKeys("value", "count");
  }
}
