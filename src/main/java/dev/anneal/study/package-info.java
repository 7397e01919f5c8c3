/** Studies: several models trained one after another, measured alike, and put side by side. */
@NullMarked
package dev.anneal.study;

import org.jspecify.annotations.NullMarked;
