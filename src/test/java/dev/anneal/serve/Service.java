package dev.anneal.serve;

import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Linear;
import dev.anneal.store.Model;
import dev.anneal.store.TinyModel;
import dev.anneal.tensor.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server of a small model with random weights, whose tokens are bytes; and clients for it. */
final class Service implements AutoCloseable {
  static final String MODEL = "tiny";
  static final int LENGTH = 48;

  /** More steps than anybody waits for. */
  static final String ENDLESS =
      "{\"prompt\": \"ab{{6}}\", \"hyperschedule\": \"flat\", \"levels\": 1000000000}";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
  private final Server server;
  private final String address;

  Service(Model model, Limits limits, Optional<String> token, Patience patience) {
    var settings = new Settings("127.0.0.1", 0, MODEL, token, limits);
    server = Server.start(model, settings, patience, log::add);
    address = server.address();
  }

  Service(Model model, Limits limits, Optional<String> token) {
    this(model, limits, token, Patience.USUAL);
  }

  Service(Model model, Limits limits) {
    this(model, limits, Optional.empty());
  }

  /** Makes a model in an empty folder. */
  static Model model(Path folder) throws IOException {
    Path saved = folder.resolve(MODEL);
    TinyModel.save(saved, LENGTH, new Noise(new EpsilonHybrid(0.01), new Linear()));
    return Model.load(saved, Device.CPU);
  }

  /** Limits that no test but one about them meets. */
  static Limits roomy() {
    return new Limits(LENGTH, 64, 8, Duration.ofMinutes(1));
  }

  Server server() {
    return server;
  }

  URI address(String path) {
    return URI.create(address + path);
  }

  /** The lines of the log so far. */
  String log() {
    return String.join("\n", log);
  }

  private HttpRequest request(String path, String body) {
    return HttpRequest.newBuilder(address(path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  HttpResponse<String> post(String path, String body) {
    return send(request(path, body));
  }

  CompletableFuture<HttpResponse<String>> postLater(String path, String body) {
    return http.sendAsync(request(path, body), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(address(path)).build());
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A connection on which a request has been sent, and no reply been read. */
  Socket open(String path, String body) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), address("").getPort());
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, bytes.length);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return socket;
  }

  /** A number among the metrics. */
  double metric(String name) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until a number among the metrics is this one. */
  void await(String metric, double number) throws InterruptedException {
    while (metric(metric) != number) {
      Thread.sleep(10);
    }
  }

  static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }

  @Override
  public void close() {
    http.close();
    server.close();
  }
}
