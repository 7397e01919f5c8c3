/** Training runs: optimizer, schedule, checkpoints, events. */
@NullMarked
package dev.anneal.train;

import org.jspecify.annotations.NullMarked;
