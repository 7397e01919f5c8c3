/** Fetching published folders from a model hub. */
@NullMarked
package dev.anneal.store.hub;

import org.jspecify.annotations.NullMarked;
