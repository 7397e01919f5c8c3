package dev.anneal.evaluate;

import dev.anneal.tensor.Rng;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/** All that is measured on generated texts, by the names that reports use. */
public final class GenerationQuality {

  /** Tokens of a run whose repetition within a text is counted. */
  private static final int REPEATED = 4;

  private GenerationQuality() {}

  /**
   * Measures texts. Tokens are those the texts were generated as; of texts alone, the judge's.
   *
   * @param judge absent if there is none
   */
  public static SequencedMap<String, Figure> measure(Samples samples, Optional<Judge> judge) {
    return measure(samples, judge, Optional.empty(), new Rng(0));
  }

  /**
   * Measures texts, also against texts of people.
   *
   * @param judge absent if there is none
   * @param people absent if there are none
   * @param rng where the clusters of {@link Mauve} start
   * @throws IllegalArgumentException if there are too few texts to compare
   */
  public static SequencedMap<String, Figure> measure(
      Samples samples, Optional<Judge> judge, Optional<People> people, Rng rng) {
    var figures = new LinkedHashMap<String, Figure>();
    Optional<List<int[]>> tokens = tokens(samples, judge);
    figures.put("unigram_entropy", ofTokens(tokens, UnigramEntropy::of));
    for (int n = 1; n <= 3; n++) {
      figures.put("distinct_" + n, ofTokens(tokens, new Repetition(n)::distinct));
    }
    figures.put("repeated_" + REPEATED, ofTokens(tokens, new Repetition(REPEATED)::repeated));
    figures.put("judge_perplexity", ofJudge(judge, one -> JudgePerplexity.ofIds(one, samples)));
    figures.put(
        "judge_perplexity_of_texts", ofJudge(judge, one -> JudgePerplexity.ofTexts(one, samples)));
    figures.put(
        "mauve",
        ofJudge(
            judge,
            one ->
                people
                    .map(texts -> Mauve.of(one, samples, texts, rng))
                    .orElseGet(() -> new Absent("no texts of people"))));
    return figures;
  }

  private static Optional<List<int[]>> tokens(Samples samples, Optional<Judge> judge) {
    return samples.ids().isEmpty()
        ? judge.map(one -> samples.texts().stream().map(one.tokenizer()::encode).toList())
        : Optional.of(samples.ids());
  }

  private static Figure ofTokens(
      Optional<List<int[]>> tokens, Function<List<int[]>, Figure> metric) {
    return tokens
        .map(metric)
        .orElseGet(() -> new Absent("the samples have no ids, and no judge reads them"));
  }

  private static Figure ofJudge(Optional<Judge> judge, Function<Judge, Figure> metric) {
    return judge.map(metric).orElseGet(() -> new Absent("no judge"));
  }
}
