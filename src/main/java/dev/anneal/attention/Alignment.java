package dev.anneal.attention;

import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;

/**
 * Which output guesses which token, and so what the network's input slots hold (paper: aligned and
 * shifted outputs).
 *
 * <p>In either convention the output at slot o guesses the token of order o, and a call sees {@code
 * [slots before the first active token ‖ slots from there on]}: so patterns, windows and caches
 * count slots and need not know which it is. In either, the slots before the first active token
 * hold settled tokens only.
 */
public sealed interface Alignment permits Aligned, Shifted {

  /** What a slot holds that holds no token of the text. */
  int START = -1;

  /** The order of the token that a slot holds, or {@link #START}. */
  int order(int slot);

  /**
   * The id at the start of every text; only of a convention in which a slot holds {@link #START}.
   */
  int start();

  /** The place that a slot has for the network's positions. */
  int place(int slot, SettlingOrder order);

  /** What a token at the top level has to show. */
  enum TopLevel {
    /** Nothing: it is the mask, and tells a network no more than its place. */
    BLANK,
    /** A token of the noise, or a noise that a network is told. */
    SHOWN
  }

  /** How many slots a call feeds from that of its first active token on. */
  int slots(Partition call, TopLevel topLevel);

  /** How many slots a whole text has. */
  int slots(int length);

  /** The longest text of a network with so many places. */
  int longest(int places);

  /**
   * Refuses an order of settling that the convention cannot follow.
   *
   * @throws IllegalArgumentException if it is such an order
   */
  void requireFit(SettlingOrder order);
}
