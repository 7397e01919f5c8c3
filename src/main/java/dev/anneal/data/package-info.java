/** Text to token ids and back: tokenizers, token files, corpora. */
@NullMarked
package dev.anneal.data;

import org.jspecify.annotations.NullMarked;
