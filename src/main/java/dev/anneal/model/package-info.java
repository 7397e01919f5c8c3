/** The denoising network and its key-value cache. */
@NullMarked
package dev.anneal.model;

import org.jspecify.annotations.NullMarked;
