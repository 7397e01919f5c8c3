package dev.anneal.evaluate;

import dev.anneal.evaluate.LikelihoodDetails.DocumentLoss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToLongFunction;

/**
 * How surprising a text is to a model, or a bound on it. Each figure has its own error over the
 * same documents or sequences, to first order.
 *
 * @param nats per token
 * @param bitsPerCharacter per Unicode code point
 * @param bitsPerByte per byte of UTF-8
 * @param details where the nats lie
 */
public record TextLikelihood(
    Estimate nats, Figure bitsPerCharacter, Figure bitsPerByte, LikelihoodDetails details) {

  /**
   * The figures of some losses.
   *
   * @param losses of what varies, at least one
   */
  static TextLikelihood of(List<DocumentLoss> losses, LikelihoodDetails details) {
    double[] sums = losses.stream().mapToDouble(DocumentLoss::nats).toArray();
    return new TextLikelihood(
        Estimate.ratio(sums, units(losses, TextSize::tokens)),
        bits(sums, units(losses, TextSize::characters)),
        bits(sums, units(losses, TextSize::bytes)),
        details);
  }

  private static long[] units(List<DocumentLoss> losses, ToLongFunction<TextSize> unit) {
    return losses.stream().mapToLong(loss -> unit.applyAsLong(loss.size())).toArray();
  }

  private static Figure bits(double[] nats, long[] units) {
    for (long each : units) {
      if (each > 0) {
        return Estimate.ratio(nats, units).times(1 / Math.log(2));
      }
    }
    return new Absent("the text has none");
  }

  /** Per token. */
  public Estimate perplexity() {
    return nats.exponential();
  }

  /** All figures by the names that reports use. */
  public SequencedMap<String, Figure> figures() {
    var figures = new LinkedHashMap<String, Figure>();
    figures.put("nats_per_token", nats);
    figures.put("perplexity", perplexity());
    figures.put("bits_per_character", bitsPerCharacter);
    figures.put("bits_per_byte", bitsPerByte);
    return figures;
  }
}
