package dev.anneal.model;

import java.util.SequencedMap;

/**
 * What a network is apart from its numbers: its kind and its size.
 *
 * <p>A member is a record; recipes and model folders name it without the ending {@code Shape}.
 */
public sealed interface Architecture permits TransformerShape, GptShape {

  /** N: the real tokens. */
  int tokens();

  /** Blocks, one after the other. */
  int layers();

  /** Attention heads a block. */
  int heads();

  /** Numbers that stand for a row. */
  int channels();

  /** The longest text in tokens. */
  int length();

  /** D: the real tokens and the mask. */
  default int vocabulary() {
    return tokens() + 1;
  }

  /** What the network learns, by name, in a fixed order. */
  SequencedMap<String, Parameter> parameters();

  /**
   * The network of given weights.
   *
   * @param parameters of this architecture, all on one device; they must outlive the network
   */
  Network network(Parameters parameters);
}
