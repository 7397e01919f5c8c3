package dev.anneal.evaluate;

import dev.anneal.evaluate.GenerationDetails.TextValues;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Two ways to write texts, compared at equal entropy: a sampler that repeats itself has a low judge
 * perplexity for nothing.
 *
 * <p>A way that was measured at several temperatures is a curve: the mean unigram entropy of its
 * texts against the mean logarithm of their judge perplexities, straight between neighbours. The
 * other way is one point, and is compared with where the curve has the point's entropy. The result
 * is the ratio of the judge perplexities, point over curve: below 1, the point is better.
 *
 * <p>Its error is the jackknife's: text i is left out of the point and of every measurement of the
 * curve at once, for texts of one number share their draws. The neighbours stay the same.
 */
public final class MatchedEntropy {

  /** In place of the number of a text that is left out. */
  private static final int EVERY = -1;

  private MatchedEntropy() {}

  /**
   * The ratio of judge perplexities at the point's entropy.
   *
   * @param point texts of one way
   * @param curve texts of the other, a list for each temperature; as many in each
   */
  public static Figure ratio(List<TextValues> point, List<List<TextValues>> curve) {
    int texts = point.size();
    if (curve.stream().anyMatch(each -> each.size() != texts)) {
      return new Absent("other numbers of texts");
    }
    if (!isJudged(point) || !curve.stream().allMatch(MatchedEntropy::isJudged)) {
      return new Absent("texts without a judge perplexity");
    }
    Place here = Place.of(point, EVERY);
    List<List<TextValues>> rising =
        curve.stream()
            .sorted(Comparator.comparingDouble(each -> Place.of(each, EVERY).entropy))
            .toList();
    int right = 0;
    while (right < rising.size() && Place.of(rising.get(right), EVERY).entropy < here.entropy) {
      right++;
    }
    if (right == 0 || right == rising.size()) {
      return new Absent(
          "entropy %.3f lies outside those of the other sampler, %s"
              .formatted(here.entropy, range(rising)));
    }
    List<TextValues> below = rising.get(right - 1);
    List<TextValues> above = rising.get(right);
    double[] without =
        IntStream.range(0, texts < 2 ? 0 : texts)
            .mapToDouble(left -> difference(point, below, above, left))
            .toArray();
    return new Estimate(difference(point, below, above, EVERY), jackknife(without), texts)
        .exponential();
  }

  private static boolean isJudged(List<TextValues> texts) {
    return !texts.isEmpty()
        && texts.stream()
            .allMatch(
                text -> text.judgePerplexity().isPresent() && text.unigramEntropy().isPresent());
  }

  private static String range(List<List<TextValues>> rising) {
    return rising.isEmpty()
        ? "of which there are none"
        : "%.3f … %.3f"
            .formatted(
                Place.of(rising.getFirst(), EVERY).entropy,
                Place.of(rising.getLast(), EVERY).entropy);
  }

  /** The point's mean log perplexity, less that of the line through two places at its entropy. */
  private static double difference(
      List<TextValues> point, List<TextValues> below, List<TextValues> above, int left) {
    Place here = Place.of(point, left);
    Place low = Place.of(below, left);
    Place high = Place.of(above, left);
    double share = (here.entropy - low.entropy) / (high.entropy - low.entropy);
    return here.nats - (low.nats + share * (high.nats - low.nats));
  }

  private static OptionalDouble jackknife(double[] without) {
    if (without.length == 0) {
      return OptionalDouble.empty();
    }
    double mean = Arrays.stream(without).average().orElseThrow();
    double squares = 0;
    for (double each : without) {
      squares += (each - mean) * (each - mean);
    }
    return OptionalDouble.of(Math.sqrt(squares * (without.length - 1) / without.length));
  }

  /** Means over texts: unigram entropy, and the judge's nats per token. */
  private record Place(double entropy, double nats) {

    static Place of(List<TextValues> texts, int left) {
      double entropy = 0;
      double nats = 0;
      int count = 0;
      for (int i = 0; i < texts.size(); i++) {
        if (i != left) {
          entropy += texts.get(i).unigramEntropy().orElseThrow();
          nats += Math.log(texts.get(i).judgePerplexity().orElseThrow());
          count++;
        }
      }
      return new Place(entropy / count, nats / count);
    }
  }
}
