/** Who sees whom: the definition and its fast twin. */
@NullMarked
package dev.anneal.attention;

import org.jspecify.annotations.NullMarked;
