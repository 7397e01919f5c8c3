/** The command line: reads options and recipes, wires, prints. */
@NullMarked
package dev.anneal.cli;

import org.jspecify.annotations.NullMarked;
