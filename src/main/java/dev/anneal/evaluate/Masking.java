package dev.anneal.evaluate;

import dev.anneal.tensor.Rng;
import java.util.BitSet;

/**
 * How a sequence is looked at behind plain masks: in some views, each of which hides some of its
 * tokens from the model and asks for some of these. The nats of what is asked for, weighted and
 * added up, are an upper bound on −log p of the sequence, in expectation over the draws.
 */
public sealed interface Masking permits RandomMasks, ChainRule {

  /** In words. */
  String described();

  /** How many views there are of a sequence of so many tokens. */
  int views(int length);

  /**
   * One view.
   *
   * @param sequence the number of the sequence, for the draws
   * @param view 0 … views − 1
   * @param length tokens of the sequence
   */
  View view(int sequence, int view, int length, Rng rng);

  /**
   * What is hidden and asked for.
   *
   * @param hidden positions that show the mask
   * @param asked positions that are to be guessed, hidden ones
   * @param weight of their nats
   */
  record View(BitSet hidden, BitSet asked, double weight) {}
}
