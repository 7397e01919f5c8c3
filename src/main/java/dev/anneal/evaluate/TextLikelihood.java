package dev.anneal.evaluate;

import dev.anneal.objective.BoundEstimate;
import java.util.OptionalDouble;

/**
 * How surprising a text is to a model, or a bound on it.
 *
 * @param nats per token
 * @param size of the text
 */
public record TextLikelihood(Estimate nats, TextSize size) {

  /** From the exact bound. */
  public static TextLikelihood of(BoundEstimate bound, TextSize size) {
    double error = bound.standardError();
    return new TextLikelihood(
        new Estimate(
            bound.nats(),
            Double.isNaN(error) ? OptionalDouble.empty() : OptionalDouble.of(error),
            bound.sequences()),
        size);
  }

  /** Per token. */
  public Estimate perplexity() {
    return nats.exponential();
  }

  /** Bits per Unicode code point. Its error takes the characters of a token as given. */
  public Estimate bitsPerCharacter() {
    return bits(size.characters());
  }

  /** Bits per byte of UTF-8. Its error takes the bytes of a token as given. */
  public Estimate bitsPerByte() {
    return bits(size.bytes());
  }

  private Estimate bits(long units) {
    return nats.times(size.tokens() / (units * Math.log(2)));
  }
}
