package dev.anneal.data;

import java.util.List;

/**
 * Undoes what a published data set did to its text, with the rules of SEDD, MDLM and HDLM, in their
 * order: numbers on these sets compare only if all clean alike.
 *
 * <p>One rule of theirs is left out: it would turn {@code /' 5/} into {@code /'[0-9]/}.
 */
public enum TextCleaner {
  /** Leaves the text as it is. */
  NONE,
  /** WikiText: " @,@ ", spaces before punctuation and inside brackets and quotes, "= = =". */
  WIKITEXT,
  /** Penn Treebank: " n't", "N" for numbers, {@code <unk>}. */
  PTB,
  /** The one billion words: addresses, apostrophes, spaces before punctuation, quotes, "$ ". */
  LM1B,
  /** LAMBADA: straight quotes, and a line break in front. */
  LAMBADA,
  /** Papers of arXiv and PubMed: the rules of WikiText, then those of LM1B. */
  SCIENTIFIC_PAPERS;

  /** The text that an example of the set stands for. */
  public String clean(String example) {
    return switch (this) {
      case NONE -> example;
      case WIKITEXT -> applied(CleaningRule.WIKITEXT, example);
      case PTB -> applied(CleaningRule.PTB, example);
      case LM1B -> applied(CleaningRule.LM1B, example);
      case LAMBADA -> applied(CleaningRule.LAMBADA, example);
      case SCIENTIFIC_PAPERS -> LM1B.clean(WIKITEXT.clean(example));
    };
  }

  private static String applied(List<CleaningRule> rules, String example) {
    String text = example;
    for (CleaningRule rule : rules) {
      text = rule.apply(text);
    }
    return text;
  }
}
