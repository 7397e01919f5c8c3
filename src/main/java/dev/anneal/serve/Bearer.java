package dev.anneal.serve;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * Who may ask: everybody, or those who send the token. The time it takes to find a wrong token
 * wrong tells nothing about the right one.
 */
final class Bearer {
  private static final String SCHEME = "Bearer ";

  private final Optional<byte[]> expected;

  /**
   * A check.
   *
   * @param token that requests must carry; empty lets everybody in
   */
  Bearer(Optional<String> token) {
    this.expected = token.map(Bearer::digest);
  }

  /**
   * Lets a request in.
   *
   * @throws Refusal if it does not carry the token
   */
  void admit(ServerRequest request) {
    if (expected.isEmpty()) {
      return;
    }
    String header = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
    String token = header.startsWith(SCHEME) ? header.substring(SCHEME.length()) : "";
    if (!MessageDigest.isEqual(expected.get(), digest(token))) {
      throw new Refusal(
          Refusal.Kind.UNAUTHORIZED, "expected an Authorization header with the service's token");
    }
  }

  /** Digests have one length, so that comparing them does not tell that of the token. */
  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
