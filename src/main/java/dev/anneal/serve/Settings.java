package dev.anneal.serve;

import java.util.Optional;

/**
 * Where and for whom a {@link Server} works.
 *
 * @param host the name or address of the interface to listen at
 * @param port to listen at; 0 for any that is free
 * @param modelName what clients call the model
 * @param token that requests must carry; empty lets everybody in
 * @param limits how much it takes on
 */
public record Settings(
    String host, int port, String modelName, Optional<String> token, Limits limits) {

  /** Checks the port, and that a token is one. */
  public Settings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port %d: expected 0 … 65535".formatted(port));
    }
    if (token.isPresent() && token.get().isBlank()) {
      throw new IllegalArgumentException("the token is blank: expected one, or none at all");
    }
  }
}
