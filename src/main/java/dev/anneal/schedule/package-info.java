/** Hyperschedules: every position its own noise schedule. Pure integers and doubles. */
@NullMarked
package dev.anneal.schedule;

import org.jspecify.annotations.NullMarked;
