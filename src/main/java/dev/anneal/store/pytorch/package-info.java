/** PyTorch checkpoints, read without running what they say. */
@NullMarked
package dev.anneal.store.pytorch;

import org.jspecify.annotations.NullMarked;
