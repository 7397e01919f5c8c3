package dev.anneal.task;

import dev.anneal.data.Tokenizer;
import dev.anneal.tensor.Rng;

/**
 * A task with an exact answer. What is asked is known from the start, the answer fills the gaps: a
 * task is learned and solved as any text with gaps is.
 *
 * <p>The package's law: an example is a pure function of (seed, part, number), and what one part
 * has is in no other, whatever the seeds. A member is a record and names itself in recipes, as all
 * families do.
 */
public sealed interface Task permits Sudoku {

  /** Parts that share no example. */
  enum Part {
    /** To learn from. */
    TRAINING,
    /** To be measured on. */
    UNSEEN
  }

  /** What its tokens are. */
  Tokenizer tokenizer();

  /** How many tokens an example has. */
  int length();

  /**
   * An example: what is asked, and its answer.
   *
   * @param number 0, 1, …, as far as one likes
   */
  Example example(Part part, long number, Rng rng);

  /**
   * Whether an answer is right.
   *
   * @param asked an example, of which only the known tokens count
   * @param answer real tokens, [position]
   */
  boolean isSolved(Example asked, int[] answer);
}
