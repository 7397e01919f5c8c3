package dev.anneal.evaluate;

import java.util.OptionalInt;

/**
 * How generated texts are measured.
 *
 * @param texts how many, or {@link #ANY_NUMBER}
 * @param definition of the judge's perplexity
 * @param mauveLength how many of a text's tokens MAUVE looks at; empty: it is not measured
 */
public record SampleProtocol(int texts, Definition definition, OptionalInt mauveLength) {

  /** As many as there are. */
  public static final int ANY_NUMBER = 0;

  /** Which perplexity a judge is asked for. */
  public enum Definition {
    /** The mean of each text's own, on the ids it was generated as. */
    IDS,
    /** That of all texts together, as the judge's tokenizer reads them. */
    TEXTS,
    /** Either. */
    BOTH
  }
}
