package dev.anneal.evaluate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How evenly a text uses its own tokens: −Σ p log p over their shares of the text, in nats. A text
 * of d tokens that all differ has log d, one that repeats one token has 0; low judge perplexity at
 * low entropy is no merit.
 */
public final class UnigramEntropy {
  private UnigramEntropy() {}

  /**
   * The mean over texts.
   *
   * @param texts ids of each text; texts without tokens have entropy 0
   */
  public static Estimate of(List<int[]> texts) {
    return Estimate.mean(texts.stream().mapToDouble(UnigramEntropy::ofText).toArray());
  }

  static double ofText(int[] ids) {
    Map<Integer, Integer> counts = new HashMap<>();
    Arrays.stream(ids).forEach(id -> counts.merge(id, 1, Integer::sum));
    return counts.values().stream()
        .mapToDouble(count -> (double) count / ids.length)
        .map(share -> -share * Math.log(share))
        .sum();
  }
}
