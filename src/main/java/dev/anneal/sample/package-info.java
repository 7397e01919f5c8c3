/** Samplers, the choice of a token, and the generation loop. */
@NullMarked
package dev.anneal.sample;

import org.jspecify.annotations.NullMarked;
