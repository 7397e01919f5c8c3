/** A client for the service: addresses and JSON, and nothing of models. */
@NullMarked
package dev.anneal.client;

import org.jspecify.annotations.NullMarked;
