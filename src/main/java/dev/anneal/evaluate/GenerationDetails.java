package dev.anneal.evaluate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/**
 * Generated texts, one by one.
 *
 * @param made how; absent for texts from a file
 * @param texts each of them, in their order
 */
public record GenerationDetails(Optional<Made> made, List<TextValues> texts) {

  /** Copies the list. */
  public GenerationDetails {
    texts = List.copyOf(texts);
  }

  /**
   * How texts were generated.
   *
   * @param length tokens of a text
   * @param hyperschedule in words, such as "block, width 8, levels 4"
   * @param calls of the model for a text
   * @param rate tokens settled by a call, on average
   * @param sampler its name
   * @param settings of the sampler, such as eta → 0.25
   * @param temperature of the draws
   * @param topP the chances that the likeliest tokens reach which are drawn from
   * @param guidance strength of classifier-free guidance
   */
  public record Made(
      int length,
      String hyperschedule,
      int calls,
      double rate,
      String sampler,
      SequencedMap<String, Object> settings,
      double temperature,
      double topP,
      double guidance) {

    /** Keeps the order of the settings. */
    public Made {
      settings = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(settings));
    }
  }

  /**
   * What was measured of one text.
   *
   * @param tokens of the text, in the tokens that it was generated as, or the judge's
   * @param unigramEntropy nats; absent without tokens
   * @param judgePerplexity of its ids; absent where there is none
   */
  public record TextValues(
      int tokens, OptionalDouble unigramEntropy, OptionalDouble judgePerplexity) {}
}
