package dev.anneal.langchain4j;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The service behind HTTP. */
record HttpConnection(HttpClient http, URI address, Optional<String> token, String modelName)
    implements Connection {
  private static final String EVENT = "data: ";
  private static final String LAST = "[DONE]";

  /** Connects, and asks for the model's name. */
  static HttpConnection open(URI address, Optional<String> token)
      throws IOException, InterruptedException {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    try {
      var nameless = new HttpConnection(http, address, token, "");
      return new HttpConnection(http, address, token, nameless.firstModel());
    } catch (IOException | InterruptedException | RuntimeException e) {
      http.close();
      throw e;
    }
  }

  private String firstModel() throws IOException, InterruptedException {
    HttpRequest request = request("/v1/models").build();
    HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      requireAnswer(response.statusCode(), body);
      return JsonMapper.shared()
          .readTree(body)
          .at("/data/0/id")
          .stringValueOpt()
          .orElseThrow(() -> new IOException(address + ": no models are served here"));
    } catch (JacksonException e) {
      throw new IOException(address + ": not a service of Anneal's: " + e.getOriginalMessage(), e);
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
    token.ifPresent(given -> request.header("Authorization", "Bearer " + given));
    return request;
  }

  @Override
  public void chat(ObjectNode body, Cancellation cancellation, Consumer<JsonNode> pieces)
      throws IOException, InterruptedException {
    HttpRequest request =
        request("/v1/chat/completions")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
    try (InputStream events = response.body()) {
      requireAnswer(response.statusCode(), events);
      cancellation.onCancel(() -> close(events));
      read(events, pieces);
    }
  }

  /** A reader that waits for bytes wakes up, and the service sees its client go. */
  private static void close(InputStream events) {
    try {
      events.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireAnswer(int status, InputStream body) throws IOException {
    if (status != 200) {
      String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      throw Failures.of(status, message(text));
    }
  }

  /** The message of OpenAI's error objects, else what came instead. */
  private static String message(String text) {
    try {
      return JsonMapper.shared().readTree(text).at("/error/message").asString(text);
    } catch (JacksonException notJson) {
      return text;
    }
  }

  private void read(InputStream events, Consumer<JsonNode> pieces) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals(EVENT + LAST)) {
        return;
      }
      if (line.startsWith(EVENT)) {
        JsonNode piece = JsonMapper.shared().readTree(line.substring(EVENT.length()));
        if (piece.has("error")) {
          throw Failures.of(piece.path("error"));
        }
        pieces.accept(piece);
      }
    }
    throw new IOException(address + ": the answer broke off");
  }

  @Override
  public void close() {
    http.close();
  }
}
