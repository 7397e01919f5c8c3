/** Weights on disk: safetensors, model folders, checkpoints. */
@NullMarked
package dev.anneal.store;

import org.jspecify.annotations.NullMarked;
