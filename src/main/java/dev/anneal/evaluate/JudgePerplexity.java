package dev.anneal.evaluate;

import dev.anneal.data.Tokenizer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How surprising generated texts are to a judge (generative perplexity), in the two definitions
 * that papers use. Neither counts the first token of a text.
 */
public final class JudgePerplexity {
  private JudgePerplexity() {}

  /**
   * The mean over texts of each text's own perplexity, on the ids as they were generated (SEDD,
   * HDLM). Absent if the judge's tokens are not those of the texts, or a text does not fit into it.
   */
  public static Figure ofIds(Judge judge, Samples samples) {
    if (samples.ids().isEmpty()) {
      return new Absent("the samples have no ids, only texts");
    }
    var perplexities = new double[samples.count()];
    for (int i = 0; i < perplexities.length; i++) {
      int[] ids = samples.ids().get(i);
      if (!spells(judge.tokenizer(), ids, samples.texts().get(i))) {
        return new Absent("the ids of text %d are not of the judge's tokenizer".formatted(i));
      }
      if (ids.length < 2 || ids.length > judge.length()) {
        return new Absent(
            "text %d has %d tokens, the judge takes 2 … %d"
                .formatted(i, ids.length, judge.length()));
      }
      perplexities[i] = Math.exp(Arrays.stream(judge.nats(ids)).average().orElseThrow());
    }
    return Estimate.mean(perplexities);
  }

  /** Other vocabularies give other texts for the same ids. */
  private static boolean spells(Tokenizer tokenizer, int[] ids, String text) {
    return Arrays.stream(ids).allMatch(id -> id >= 0 && id < tokenizer.size())
        && tokenizer.decode(ids).equals(text);
  }

  /**
   * The perplexity of all texts together, as the judge's tokenizer reads them (MDLM): e to the
   * power of all nats over all tokens. End tokens, which no text spells, do not count. A text
   * longer than the judge is judged in pieces.
   */
  public static Figure ofTexts(Judge judge, Samples samples) {
    double[] nats = new double[samples.count()];
    long[] tokens = new long[nats.length];
    for (int i = 0; i < nats.length; i++) {
      int[] ids = judge.tokenizer().encode(samples.texts().get(i));
      for (int first = 0; first + 1 < ids.length; first += judge.length()) {
        int end = Math.min(ids.length, first + judge.length());
        double[] each = judge.nats(Arrays.copyOfRange(ids, first, end));
        nats[i] += Arrays.stream(each).sum();
        tokens[i] += each.length;
      }
    }
    return IntStream.range(0, nats.length).allMatch(i -> tokens[i] == 0)
        ? new Absent("no text has two of the judge's tokens")
        : Estimate.ratio(nats, tokens).exponential();
  }
}
