/** The service: requests by HTTP, threads that call the model, and what it offers. */
@NullMarked
package dev.anneal.serve;

import org.jspecify.annotations.NullMarked;
