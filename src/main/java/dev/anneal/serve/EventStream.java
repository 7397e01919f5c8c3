package dev.anneal.serve;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Server-sent events: each reaches the client at once. */
final class EventStream implements AutoCloseable {
  private final OutputStream body;

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
    write("event: " + name + "\ndata: " + data + "\n\n");
  }

  /** Sends an event that is a line of text. */
  void send(String data) {
    write("data: " + data + "\n\n");
  }

  private void write(String event) {
    try {
      body.write(event.getBytes(StandardCharsets.UTF_8));
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
