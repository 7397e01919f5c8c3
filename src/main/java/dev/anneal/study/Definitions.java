package dev.anneal.study;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the figures of a page mean. */
final class Definitions {
  private static final String FIRST = "The texts' tokens are those they were generated as. ";

  /** By the figure's name in a report. */
  static final Map<String, String> ALL = all();

  private Definitions() {}

  private static Map<String, String> all() {
    var all = new LinkedHashMap<String, String>();
    all.put(
        "nats_per_token",
        "What the model needs for a token of the text, end tokens included. Exact: an upper bound on"
            + " −log p under the hyperschedule, for quenched −log p itself. Masked: the bound of"
            + " masked diffusion, whatever the noise the model was trained on. Chain rule: left to"
            + " right with all later tokens masked. ± is one standard error.");
    all.put("perplexity", "e to the power of nats per token; in brackets behind them.");
    all.put(
        "bits_per_character",
        "The same nats in bits, for each Unicode character of the text: the one to compare models"
            + " of different tokenizers by.");
    all.put("bits_per_byte", "The same for each byte of UTF-8.");
    all.put(
        "judge_perplexity",
        "Mean over the texts of e to the power of the judge's nats per token, on the ids as they"
            + " were generated, the first token of a text not counted. "
            + "A text that repeats itself has a low one for nothing: see the entropy.");
    all.put(
        "judge_perplexity_of_texts",
        "e to the power of all nats over all tokens, as the judge's tokenizer reads the texts.");
    all.put(
        "unigram_entropy",
        FIRST
            + "−Σ p log p over the shares that tokens have of one text, in nats; mean over the"
            + " texts.");
    all.put(
        "mauve",
        "How close the texts are to people's in what the judge makes of them, 0 … 1 (Pillutla et"
            + " al. 2021). Compare only with equal numbers of texts and one judge; it needs about a"
            + " thousand texts to be reliable, and has no standard error.");
    all.put("distinct_1", FIRST + "distinct-n: the share of all runs of n tokens that differ.");
    all.put("repeated_4", "The share of a text's runs of 4 tokens that stood in it before.");
    return all;
  }

  /** Of the pictures of calibration. */
  static final String CALIBRATION =
      "Of the guesses behind masks that a model is as sure of, the share that is right; each counts"
          + " once. On the line, the model can be believed. The masked estimate also hides tokens"
          + " in ways that a model may not have learned from: one that is quenched with shifted"
          + " outputs has never seen a mask, and can lie far below. Points of fewer than "
          + LikelihoodPictures.FEWEST_GUESSES
          + " guesses are left out.";

  /** Of a ratio at equal entropy. */
  static final String RATIO =
      "The sampler's judge perplexity over that of the sampler it is compared with, both as e to"
          + " the mean over texts of the judge's nats per token, where the latter has the same"
          + " unigram entropy: between the two of its temperatures that lie around, straight in"
          + " entropy and nats. ± is the jackknife's standard error over texts.";
}
