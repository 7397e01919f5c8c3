/** Measures of models, and of the texts they write. */
@NullMarked
package dev.anneal.evaluate;

import org.jspecify.annotations.NullMarked;
