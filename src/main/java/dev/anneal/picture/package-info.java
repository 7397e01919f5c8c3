/** Pictures of numbers, as SVG. */
@NullMarked
package dev.anneal.picture;

import org.jspecify.annotations.NullMarked;
