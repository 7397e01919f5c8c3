/** Models as others published them, in and out. */
@NullMarked
package dev.anneal.store.published;

import org.jspecify.annotations.NullMarked;
