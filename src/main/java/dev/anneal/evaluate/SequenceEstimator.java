package dev.anneal.evaluate;

import java.util.List;

/**
 * A way to measure what sequences cost a model.
 *
 * <p>What a sequence costs follows from its number in the text and from chance, not from those that
 * it is measured with, but for the rounding of the network's outputs.
 */
public sealed interface SequenceEstimator permits ExactBound, MaskedLikelihood {

  /** In words. */
  String described();

  /** How many sequences it measures together. */
  int together();

  /**
   * Measures successive sequences.
   *
   * @param sequences real tokens, [batch][position]
   * @param first the number of the first of them in the text
   * @return their losses, in their order
   */
  List<SequenceLoss> losses(int[][] sequences, int first);
}
