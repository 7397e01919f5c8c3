package dev.anneal.evaluate;

import dev.anneal.data.Tokenizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How surprising generated texts are to a judge (generative perplexity), in the two definitions
 * that papers use. Neither counts the first token of a text.
 */
public final class JudgePerplexity {
  private final Judge judge;
  private final Samples samples;
  private final Replay replay;

  /**
   * The perplexities of texts.
   *
   * @param replay what the judge has said already
   */
  public JudgePerplexity(Judge judge, Samples samples, Replay replay) {
    this.judge = judge;
    this.samples = samples;
    this.replay = replay;
  }

  /**
   * Whether a tokenizer's tokens are those that texts were generated as.
   *
   * @return the number of the first text whose ids do not spell it; absent if all do
   */
  public static Optional<Integer> misfit(Tokenizer tokenizer, Samples samples) {
    return IntStream.range(0, samples.ids().size())
        .filter(i -> !spells(tokenizer, samples.ids().get(i), samples.texts().get(i)))
        .boxed()
        .findFirst();
  }

  /** Other vocabularies give other texts for the same ids. */
  private static boolean spells(Tokenizer tokenizer, int[] ids, String text) {
    return Arrays.stream(ids).allMatch(id -> id >= 0 && id < tokenizer.size())
        && tokenizer.decode(ids).equals(text);
  }

  /** Why the perplexity of ids cannot be computed. */
  Optional<Absent> obstacle() {
    if (samples.ids().isEmpty()) {
      return Optional.of(new Absent("the samples have no ids, only texts"));
    }
    return misfit(judge.tokenizer(), samples)
        .map(i -> new Absent("the ids of text %d are not of the judge's tokenizer".formatted(i)))
        .or(this::misfit);
  }

  private Optional<Absent> misfit() {
    for (int i = 0; i < samples.count(); i++) {
      int length = samples.ids().get(i).length;
      if (length < 2 || length > judge.length()) {
        return Optional.of(
            new Absent(
                "text %d has %d tokens, the judge takes 2 … %d"
                    .formatted(i, length, judge.length())));
      }
    }
    return Optional.empty();
  }

  /**
   * Each text's own perplexity, on the ids as they were generated; their mean is that of SEDD and
   * HDLM. Without an {@link #obstacle}.
   */
  double[] ofIds() {
    return samples.ids().stream()
        .mapToDouble(
            ids ->
                replay
                    .next(
                        () ->
                            new double[] {
                              Math.exp(Arrays.stream(judge.nats(ids)).average().orElseThrow())
                            })[0])
        .toArray();
  }

  /**
   * The perplexity of all texts together, as the judge's tokenizer reads them (MDLM, GIDD): e to
   * the power of all nats over all tokens. End tokens, which no text spells, do not count. A text
   * longer than the judge is judged in pieces.
   */
  Figure ofTexts() {
    double[] nats = new double[samples.count()];
    long[] tokens = new long[nats.length];
    for (int i = 0; i < nats.length; i++) {
      String text = samples.texts().get(i);
      double[] sum = replay.next(() -> sum(judge.tokenizer().encode(text)));
      nats[i] = sum[0];
      tokens[i] = (long) sum[1];
    }
    return Arrays.stream(tokens).allMatch(count -> count == 0)
        ? new Absent("no text has two of the judge's tokens")
        : Estimate.ratio(nats, tokens).exponential();
  }

  /** The nats of a text's tokens, and how many these are. */
  private double[] sum(int[] ids) {
    double[] sum = new double[2];
    for (int first = 0; first + 1 < ids.length; first += judge.length()) {
      int end = Math.min(ids.length, first + judge.length());
      double[] each = judge.nats(Arrays.copyOfRange(ids, first, end));
      sum[0] += Arrays.stream(each).sum();
      sum[1] += each.length;
    }
    return sum;
  }
}
