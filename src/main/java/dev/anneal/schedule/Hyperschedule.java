package dev.anneal.schedule;

/**
 * Gives every position its own noise schedule: the matrix τ of the paper, in closed form.
 *
 * <p>States are counted in generation steps: state 0 is all noise, state {@code steps(length)} is
 * all data, and call number {@code step} (0 … steps − 1) goes from state {@code step} to state
 * {@code step + 1}. (The paper's t counts the same way, opposite to diffusion time.)
 *
 * <p>The law of every member: a position starts at {@code levels()} and ends at 0; from one state
 * to the next it falls by one level or stays; in each state no position is noisier than the one
 * after it; and every call lowers at least one position (only {@link HybridAnnealing} may end with
 * idle calls).
 *
 * <p>A member is a record with any of the components {@code int width} (positions in a window) and
 * {@code int levels}; one file and one word below are all it takes to be known everywhere.
 */
public sealed interface Hyperschedule
    permits Quenched, Flat, BlockAnnealing, SlideAnnealing, HybridAnnealing {

  /** How many noise levels a token goes through, at least 1 (𝒯 in the paper). */
  int levels();

  /**
   * The noise level of one position in one state: 0 is clean, {@link #levels()} is all noise.
   *
   * @param step the state, 0 … steps(length); later states are settled too
   * @param position the position, at least 0
   */
  int level(int step, int position);

  /**
   * The number of model calls that settle a sequence (T in the paper).
   *
   * @param length the number of positions, at least 1
   * @throws IllegalArgumentException if the calls are too many for an {@code int}
   */
  int steps(int length);

  /** What one call sees of a sequence of {@code length} positions, 0 ≤ step &lt; steps(length). */
  default Partition partition(int step, int length) {
    return Partition.of(this, step, length);
  }

  /** In words: the name and every component, such as {@code block, width 4, levels 8}. */
  default String described() {
    return HyperscheduleFamily.describe(this);
  }

  /** The name on the command line and in recipes: quenched, flat, block, slide, hybrid. */
  default String name() {
    return HyperscheduleFamily.name(getClass());
  }
}
