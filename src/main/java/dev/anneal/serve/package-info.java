/** The service: requests by HTTP, one thread that owns the device, and what it offers. */
@NullMarked
package dev.anneal.serve;

import org.jspecify.annotations.NullMarked;
