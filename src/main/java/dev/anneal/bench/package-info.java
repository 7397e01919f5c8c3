/**
 * What {@code anneal bench} measures: rivals that do the same in slower ways, and what times them.
 */
@NullMarked
package dev.anneal.bench;

import org.jspecify.annotations.NullMarked;
