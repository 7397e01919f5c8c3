package dev.anneal.evaluate;

import dev.anneal.evaluate.LossTally.Denominator;
import dev.anneal.evaluate.Passages.Cut;

/**
 * How the likelihood of a text is measured.
 *
 * @param way what is estimated
 * @param draws of each sequence, at least 1
 * @param survival see {@link RandomMasks}; 0 but for its way
 * @param cut how the text becomes sequences
 * @param denominator which tokens the mean is taken over
 */
public record LikelihoodProtocol(
    Way way, int draws, double survival, Cut cut, Denominator denominator) {

  /** What is estimated. */
  public enum Way {
    /** The bound of the model's own noise under a hyperschedule: {@link ExactBound}. */
    EXACT,
    /** The bound of masked diffusion: {@link RandomMasks}. */
    MASKED,
    /** Left to right with all later tokens masked: {@link ChainRule}. */
    CHAIN_RULE
  }

  /** Checks the draws. */
  public LikelihoodProtocol {
    if (draws < 1) {
      throw new IllegalArgumentException("draws %d: expected at least 1".formatted(draws));
    }
    if (way == Way.CHAIN_RULE && draws > 1) {
      throw new IllegalArgumentException(
          "draws %d of the chain rule, which draws nothing: expected 1".formatted(draws));
    }
  }
}
