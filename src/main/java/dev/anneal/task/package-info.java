/**
 * Tasks with an exact answer: examples that a rule makes, and a rule that tells if one is solved.
 */
@NullMarked
package dev.anneal.task;

import org.jspecify.annotations.NullMarked;
