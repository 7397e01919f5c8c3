package dev.anneal.serve;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Server-sent events: those of a moment reach the client in one piece. */
final class EventStream implements AutoCloseable {
  private final OutputStream body;
  private final StringBuilder pending = new StringBuilder();

  /** Begins the response. */
  EventStream(ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    this.body = response.outputStream();
  }

  /** Sends an event without a name. */
  void send(JsonNode data) {
    send(data.toString());
  }

  /** Sends an event with a name. */
  void send(String name, JsonNode data) {
    add(name, data);
    flush();
  }

  /** Sends an event that is a line of text. */
  void send(String data) {
    pending.append("data: ").append(data).append("\n\n");
    flush();
  }

  /** Adds an event with a name to those that are sent next. */
  void add(String name, JsonNode data) {
    pending.append("event: ").append(name).append("\ndata: ").append(data).append("\n\n");
  }

  /** Sends what was added. */
  void flush() {
    if (pending.isEmpty()) {
      return;
    }
    byte[] events = pending.toString().getBytes(StandardCharsets.UTF_8);
    pending.setLength(0);
    try {
      body.write(events);
      body.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
