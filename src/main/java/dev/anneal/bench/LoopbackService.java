package dev.anneal.bench;

import dev.anneal.serve.Limits;
import dev.anneal.serve.Server;
import dev.anneal.serve.Settings;
import dev.anneal.store.Model;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service of a model at the loopback interface and a client for it, to be measured. */
public final class LoopbackService implements AutoCloseable {

  /** Nobody is to be late on a slow machine. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private static final String EVENT = "event: ";
  private static final String DATA = "data: ";

  private final Server server;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * Starts it.
   *
   * @param clients that it has room for
   * @param workers that call the model
   */
  public LoopbackService(Model model, int clients, int workers) {
    var limits = new Limits(model.config().longest(), clients, clients, PATIENCE, workers);
    var settings = new Settings("127.0.0.1", 0, "measured", Optional.empty(), limits);
    server = Server.start(model, settings, _ -> {});
  }

  /**
   * The answer to a request.
   *
   * @param settled tokens that events told of
   * @param samples the texts, as JSON
   */
  public record Reply(int settled, String samples) {}

  /**
   * Sends a request to {@code /v1/anneal} and reads the answer to its end, streamed or whole.
   *
   * @throws IOException if it is refused, or ends without texts
   */
  public Reply anneal(String body) throws IOException, InterruptedException {
    var response = http.send(annealing(body), HttpResponse.BodyHandlers.ofLines());
    int settled = 0;
    String last = "";
    try (Stream<String> lines = response.body()) {
      for (String line : (Iterable<String>) lines::iterator) {
        settled += line.equals(EVENT + "settled") ? 1 : 0;
        last = line.isEmpty() ? last : line;
      }
    }
    String report = last.startsWith(DATA) ? last.substring(DATA.length()) : last;
    JsonNode samples = JsonMapper.shared().readTree(report).path("samples");
    if (response.statusCode() != 200 || !samples.isArray()) {
      throw new IOException("status %d for %s: %s".formatted(response.statusCode(), body, last));
    }
    return new Reply(settled, samples.toString());
  }

  /** Sends a request whose answer is streamed, and goes away at the first line of it. */
  public void leave(String body) throws IOException, InterruptedException {
    try (var answer =
        http.send(annealing(body), HttpResponse.BodyHandlers.ofInputStream()).body()) {
      int first = answer.read();
      if (first < 0) {
        throw new IOException("no answer to " + body);
      }
    }
  }

  private HttpRequest annealing(String body) {
    return HttpRequest.newBuilder(URI.create(server.address() + "/v1/anneal"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  /** What one of many clients does. */
  public interface Client {

    /**
     * Does it.
     *
     * @param number of the client, from 0
     * @return what it has counted
     */
    int work(int number) throws IOException, InterruptedException;
  }

  /**
   * Lets clients work at once, and adds up what they have counted.
   *
   * @throws IOException if one fails
   */
  public static long atOnce(int clients, Client client) throws IOException, InterruptedException {
    List<Callable<Integer>> all =
        IntStream.range(0, clients)
            .<Callable<Integer>>mapToObj(number -> () -> client.work(number))
            .toList();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long counted = 0;
      for (Future<Integer> each : threads.invokeAll(all)) {
        counted += each.get();
      }
      return counted;
    } catch (ExecutionException e) {
      throw new IOException("a client failed: " + e.getCause(), e);
    }
  }

  /** A number among its metrics. */
  public double metric(String name) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(server.address() + "/metrics")).build();
    String text = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new IOException("no metric is called " + name));
  }

  @Override
  public void close() {
    http.close();
    server.close();
  }
}
