package dev.anneal.attention;

/**
 * What a settled token may look at: always a prefix, in settling order, of the settled tokens.
 *
 * <p>A token's keys and values may be cached once its horizon cannot grow any more; {@link
 * #cacheable} tells how many tokens that is true for.
 */
public sealed interface SettledContext permits CausalContext, BlockCausalContext, FullContext {

  /**
   * How many settled tokens the settled token at {@code order} may look at, itself included: those
   * of order 0 … horizon − 1. Never falls from one order to the next, or as more tokens settle.
   *
   * @param order place in the settling order, 0 ≤ order &lt; settled
   * @param settled how many tokens are settled
   */
  int horizon(int order, int settled);

  /**
   * The length of the longest prefix of the settled tokens whose horizons are final, however many
   * tokens settle after them.
   *
   * @param settled how many tokens are settled, at least 0
   */
  int cacheable(int settled);
}
