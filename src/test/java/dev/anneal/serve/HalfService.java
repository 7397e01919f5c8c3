package dev.anneal.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Passes on what a service replies, but of a text in the making only the first half. */
final class HalfService implements AutoCloseable {
  private final Service whole;
  private final HttpServer server;

  HalfService(Service whole) throws IOException {
    this.whole = whole;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      HttpResponse<String> reply = whole.send(passedOn(exchange, path));
      String type = reply.headers().firstValue("Content-Type").orElse("text/plain");
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(reply.statusCode(), 0);
      exchange
          .getResponseBody()
          .write(body, 0, path.equals("/v1/anneal") ? body.length / 2 : body.length);
    }
  }

  private HttpRequest passedOn(HttpExchange exchange, String path) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    return HttpRequest.newBuilder(whole.address(path))
        .header("Content-Type", "application/json")
        .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
