/** Recipes: what one run is made of, read from YAML into records; unknown names are refused. */
@NullMarked
package dev.anneal.recipe;

import org.jspecify.annotations.NullMarked;
