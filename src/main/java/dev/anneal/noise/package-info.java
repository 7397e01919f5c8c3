/** Noise processes: three chances (kept, scattered, masked), everything else follows from them. */
@NullMarked
package dev.anneal.noise;

import org.jspecify.annotations.NullMarked;
