/** The native room: tensors, the operators on them, and the one source of chance. */
@NullMarked
package dev.anneal.tensor;

import org.jspecify.annotations.NullMarked;
