package dev.anneal.serve;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.nio.charset.StandardCharsets;

/**
 * Replies to what is no request, and so never comes to a {@link Door}: in the shape of every
 * refusal. Whatever Helidon calls it, it is the client's mistake.
 */
record ProtocolError() implements DirectHandler {

  /** Handlers of every kind of such mistakes. */
  static DirectHandlers handlers() {
    var handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, new ProtocolError());
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    var why =
        new Refusal(
            type == EventType.PAYLOAD_TOO_LARGE ? Refusal.Kind.TOO_LARGE : Refusal.Kind.INVALID,
            "this is no proper HTTP request");
    return TransportResponse.builder()
        .status(Status.create(why.status()))
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .entity(why.json().toString().getBytes(StandardCharsets.UTF_8))
        .keepAlive(false)
        .build();
  }
}
