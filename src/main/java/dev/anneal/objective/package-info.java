/** Training objectives and bounds, in nats per token. */
@NullMarked
package dev.anneal.objective;

import org.jspecify.annotations.NullMarked;
