package dev.anneal.serve;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Where requests come in: reads them, turns what goes wrong into a reply, and counts. */
final class Door {
  private final Bearer bearer;
  private final Meters meters;
  private final Journal journal;

  /**
   * A door.
   *
   * @param bearer who may come in
   */
  Door(Bearer bearer, Meters meters, Journal journal) {
    this.bearer = bearer;
    this.meters = meters;
    this.journal = journal;
  }

  /** Handles requests to an address of ours that send a JSON object. */
  Handler json(String address, Endpoint endpoint) {
    return guarded(
        address,
        (request, response) -> {
          bearer.admit(request);
          Fields fields = Fields.parse(body(request));
          Client.current().listen();
          endpoint.answer(fields, response);
        });
  }

  /** Handles requests to an address of ours. */
  Handler guarded(String address, Handler handler) {
    return (request, response) -> {
      long start = System.nanoTime();
      try {
        handle(handler, request, response);
      } finally {
        var time = Duration.ofNanos(System.nanoTime() - start);
        int status = response.status().code();
        meters.answered(address, status, time);
        journal.answered(address, status, time);
      }
    };
  }

  private void handle(Handler handler, ServerRequest request, ServerResponse response)
      throws Exception {
    try {
      handler.handle(request, response);
    } catch (Refusal why) {
      refuse(request, response, why);
    } catch (IllegalArgumentException e) {
      refuse(request, response, new Refusal(Refusal.Kind.INVALID, String.valueOf(e.getMessage())));
    } catch (CloseConnectionException | UncheckedIOException e) {
      throw e; // the client has gone: Helidon closes the connection
    } catch (RuntimeException | Error e) {
      journal.failed(e);
      refuse(
          request,
          response,
          new Refusal(Refusal.Kind.FAILED, "the service failed at this request"));
    }
  }

  private static void refuse(ServerRequest request, ServerResponse response, Refusal why) {
    if (why.isPassing()) {
      response.header(HeaderNames.RETRY_AFTER, "1");
    }
    if (request.prologue().method().equals(Method.HEAD)) {
      response.status(why.status()).send(); // a body would be taken for the next reply
    } else {
      send(response, why.status(), why.json());
    }
  }

  /** Sends a whole reply. */
  static void send(ServerResponse response, int status, JsonNode body) {
    response
        .status(status)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .send(body.toString());
  }

  private static byte[] body(ServerRequest request) {
    String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json")) {
      throw new Refusal(Refusal.Kind.NOT_JSON, "the content type is not application/json");
    }
    byte[] read;
    try (InputStream body = request.content().inputStream()) {
      read = body.readNBytes(Limits.BODY_BYTES + 1);
    } catch (IOException
        | UncheckedIOException
        | RequestException
        | DataReader.InsufficientDataAvailableException e) {
      throw new Refusal(Refusal.Kind.INVALID, "the body broke off");
    } catch (CloseConnectionException e) {
      throw new Refusal(Refusal.Kind.GONE, "the client has gone, or was too slow");
    }
    if (read.length > Limits.BODY_BYTES) {
      throw new Refusal(
          Refusal.Kind.TOO_LARGE,
          "the body is too large: expected at most %d bytes".formatted(Limits.BODY_BYTES));
    }
    return read;
  }
}
