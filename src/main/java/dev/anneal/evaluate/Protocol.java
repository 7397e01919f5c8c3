package dev.anneal.evaluate;

import dev.anneal.evaluate.LikelihoodProtocol.Way;
import dev.anneal.evaluate.LossTally.Denominator;
import dev.anneal.evaluate.Passages.Cut;
import dev.anneal.evaluate.SampleProtocol.Definition;
import java.util.OptionalInt;

/**
 * What published numbers were measured by. Numbers of one protocol compare with each other, and
 * with published ones where model and text are the same. Sequences are as long as the model takes.
 */
public enum Protocol {
  /**
   * HDLM's: masked-diffusion bound whatever the model's noise, six grids of 16 draws, here one of
   * 96; the sum is divided by one token less a sequence. Hundred texts, each text's own perplexity
   * on its ids, MAUVE on 128 tokens.
   */
  HDLM,
  /**
   * MDLM's: masked-diffusion bound with one draw a sequence, stratified over the set, of a
   * log-linear noise that leaves a thousandth; sequences between end tokens. 1024 texts (two
   * batches of 512), their common perplexity as the judge reads them, MAUVE on 1024 tokens: a whole
   * text, which is our choice as the paper says nothing of it.
   */
  MDLM,
  /**
   * GIDD's: the bound of the model's own noise in continuous time, all positions alike, one draw of
   * each document, of which longer ones show a window. 256 texts, which is our choice as their
   * commands leave it open; their common perplexity as the judge reads them, no MAUVE.
   */
  GIDD;

  /** How it measures the likelihood of a text. */
  public LikelihoodProtocol likelihood() {
    return switch (this) {
      case HDLM -> new LikelihoodProtocol(Way.MASKED, 96, 0, Cut.WHOLE, Denominator.ALL_BUT_FIRST);
      case MDLM -> new LikelihoodProtocol(Way.MASKED, 1, 1e-3, Cut.WRAPPED, Denominator.MEASURED);
      case GIDD -> new LikelihoodProtocol(Way.EXACT, 1, 0, Cut.WINDOW, Denominator.MEASURED);
    };
  }

  /** How it measures generated texts. */
  public SampleProtocol samples() {
    return switch (this) {
      case HDLM -> new SampleProtocol(100, Definition.IDS, OptionalInt.of(128));
      case MDLM -> new SampleProtocol(1024, Definition.TEXTS, OptionalInt.of(1024));
      case GIDD -> new SampleProtocol(256, Definition.TEXTS, OptionalInt.empty());
    };
  }
}
