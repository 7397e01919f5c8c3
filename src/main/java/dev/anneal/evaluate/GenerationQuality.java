package dev.anneal.evaluate;

import dev.anneal.evaluate.GenerationDetails.TextValues;
import dev.anneal.evaluate.SampleProtocol.Definition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * All that is measured on generated texts.
 *
 * @param figures by the names that reports use
 * @param texts what was measured of each
 */
public record GenerationQuality(SequencedMap<String, Figure> figures, List<TextValues> texts) {

  /** Tokens of a run whose repetition within a text is counted. */
  private static final int REPEATED = 4;

  /**
   * Measures texts. Tokens are those the texts were generated as; of texts alone, the judge's.
   *
   * @throws IllegalArgumentException if there are too few texts to compare with those of people
   */
  public static GenerationQuality measure(Samples samples, Judging judging) {
    var figures = new LinkedHashMap<String, Figure>();
    Optional<List<int[]>> tokens = tokens(samples, judging.judge());
    figures.put("unigram_entropy", ofTokens(tokens, UnigramEntropy::of));
    for (int n = 1; n <= 3; n++) {
      figures.put("distinct_" + n, ofTokens(tokens, new Repetition(n)::distinct));
    }
    figures.put("repeated_" + REPEATED, ofTokens(tokens, new Repetition(REPEATED)::repeated));
    double[] perplexities = perplexities(samples, judging, figures);
    figures.put("mauve", mauve(samples, judging));
    return new GenerationQuality(figures, values(samples, tokens, perplexities));
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

  /**
   * Puts the judge's perplexities among the figures.
   *
   * @return that of each text, or none
   */
  private static double[] perplexities(
      Samples samples, Judging judging, SequencedMap<String, Figure> figures) {
    if (judging.judge().isEmpty()) {
      figures.put("judge_perplexity", new Absent("no judge"));
      figures.put("judge_perplexity_of_texts", new Absent("no judge"));
      return new double[0];
    }
    var judged = new JudgePerplexity(judging.judge().orElseThrow(), samples, judging.replay());
    Optional<Absent> obstacle =
        judging.definition() == Definition.TEXTS
            ? Optional.of(new Absent("not asked for"))
            : judged.obstacle();
    double[] each = obstacle.isPresent() ? new double[0] : judged.ofIds();
    figures.put(
        "judge_perplexity", obstacle.isPresent() ? obstacle.orElseThrow() : Estimate.mean(each));
    figures.put(
        "judge_perplexity_of_texts",
        judging.definition() == Definition.IDS ? new Absent("not asked for") : judged.ofTexts());
    return each;
  }

  private static Figure mauve(Samples samples, Judging judging) {
    if (judging.judge().isEmpty()) {
      return new Absent("no judge");
    }
    return judging
        .people()
        .map(people -> Mauve.of(samples, people, judging))
        .orElseGet(() -> new Absent("no texts of people"));
  }

  private static List<TextValues> values(
      Samples samples, Optional<List<int[]>> tokens, double[] perplexities) {
    return IntStream.range(0, samples.count())
        .mapToObj(
            i ->
                new TextValues(
                    tokens.map(ids -> ids.get(i).length).orElse(0),
                    tokens.isPresent()
                        ? OptionalDouble.of(UnigramEntropy.ofText(tokens.orElseThrow().get(i)))
                        : OptionalDouble.empty(),
                    perplexities.length > 0
                        ? OptionalDouble.of(perplexities[i])
                        : OptionalDouble.empty()))
        .toList();
  }
}
