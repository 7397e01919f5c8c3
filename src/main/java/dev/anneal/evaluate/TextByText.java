package dev.anneal.evaluate;

import dev.anneal.evaluate.GenerationDetails.TextValues;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Generated texts, each measured alone. */
public final class TextByText {
  private TextByText() {}

  /**
   * Measures each text by the tokens it was generated as.
   *
   * @param samples with their ids
   * @param judge absent if there is none; then, and where it cannot read the ids, there are no
   *     perplexities
   */
  public static List<TextValues> of(Samples samples, Optional<Judge> judge) {
    Optional<Judge> reading =
        judge.filter(one -> JudgePerplexity.ofIds(one, samples) instanceof Estimate);
    return samples.ids().stream()
        .map(
            ids ->
                new TextValues(
                    ids.length,
                    OptionalDouble.of(UnigramEntropy.ofText(ids)),
                    reading
                        .map(one -> Arrays.stream(one.nats(ids)).average().orElseThrow())
                        .map(nats -> OptionalDouble.of(Math.exp(nats)))
                        .orElseGet(OptionalDouble::empty)))
        .toList();
  }
}
