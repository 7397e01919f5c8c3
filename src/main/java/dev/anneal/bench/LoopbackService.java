package dev.anneal.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.anneal.serve.Limits;
import dev.anneal.serve.Server;
import dev.anneal.serve.Settings;
import dev.anneal.store.Model;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A service of a model at the loopback interface and a client for it, to be measured.
 *
 * <p>The client shares the processor with what is measured, so it is a lean one: the thread that
 * asks reads the answer itself, where {@link java.net.http.HttpClient} has threads of its own.
 */
public final class LoopbackService implements AutoCloseable {

  /** Nobody is to be late on a slow machine. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private static final String EVENT = "event: ";
  private static final String DATA = "data: ";

  private final Server server;

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
  public Reply anneal(String body) throws IOException {
    HttpURLConnection asked = ask(body);
    int settled = 0;
    String last = "";
    try (BufferedReader lines = answer(asked)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        settled += line.equals(EVENT + "settled") ? 1 : 0;
        last = line.isEmpty() ? last : line;
      }
    }
    String report = last.startsWith(DATA) ? last.substring(DATA.length()) : last;
    JsonNode samples = JsonMapper.shared().readTree(report).path("samples");
    if (asked.getResponseCode() != 200 || !samples.isArray()) {
      throw new IOException("status %d for %s: %s".formatted(asked.getResponseCode(), body, last));
    }
    return new Reply(settled, samples.toString());
  }

  /** Sends a request whose answer is streamed, and goes away at the first line of it. */
  public void leave(String body) throws IOException {
    HttpURLConnection asked = ask(body);
    try (BufferedReader lines = answer(asked)) {
      if (lines.readLine() == null) {
        throw new IOException("no answer to " + body);
      }
      asked.disconnect();
    }
  }

  private HttpURLConnection ask(String body) throws IOException {
    byte[] sent = body.getBytes(UTF_8);
    HttpURLConnection asked = connection("/v1/anneal");
    asked.setRequestProperty("Content-Type", "application/json");
    asked.setDoOutput(true);
    asked.setFixedLengthStreamingMode(sent.length); // else it would send again what failed
    try (OutputStream out = asked.getOutputStream()) {
      out.write(sent);
    }
    return asked;
  }

  private HttpURLConnection connection(String path) throws IOException {
    return (HttpURLConnection) URI.create(server.address() + path).toURL().openConnection();
  }

  private static BufferedReader answer(HttpURLConnection asked) throws IOException {
    InputStream body =
        asked.getResponseCode() == 200 ? asked.getInputStream() : asked.getErrorStream();
    return new BufferedReader(
        new InputStreamReader(body == null ? InputStream.nullInputStream() : body, UTF_8));
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
    // A platform thread waits in the kernel; for a virtual one others wait, and pass the news on.
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
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
  public double metric(String name) throws IOException {
    try (BufferedReader lines = answer(connection("/metrics"))) {
      return lines
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow(() -> new IOException("no metric is called " + name));
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
