package dev.anneal.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a service for text: in one piece, or change by change. Many threads may use one client.
 *
 * <pre>{@code
 * try (var client = new AnnealClient(URI.create("http://localhost:8080"))) {
 *   var gaps = AnnealRequest.prompt("The captain{{12}} and went home.").hyperschedule("flat");
 *   System.out.println(client.anneal(gaps).text());
 *   client.stream(gaps).subscribe(subscriber);
 * }
 * }</pre>
 *
 * <p>It asks {@code /v1/anneal}, for what only Anneal offers. The service's completions are
 * OpenAI's, and so are the clients for them.
 *
 * <p>The law of the package: it knows addresses and JSON, and nothing of models. A request that
 * nobody waits for any more is broken off, so that it frees its place at the service.
 */
public final class AnnealClient implements AutoCloseable {

  /** As long as the service takes, if it is not told otherwise. */
  private static final Duration USUAL_DEADLINE = Duration.ofMinutes(5);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI address;
  private final Optional<String> token;
  private final Duration deadline;

  /** A client of a service that wants no token. */
  public AnnealClient(URI address) {
    this(address, Optional.empty(), USUAL_DEADLINE);
  }

  /**
   * A client.
   *
   * @param address of the service, such as {@code http://localhost:8080}
   * @param token that the service wants; empty if it wants none
   * @param deadline how long a request may take
   * @throws IllegalArgumentException if the deadline is not above zero
   */
  public AnnealClient(URI address, Optional<String> token, Duration deadline) {
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException(
          "deadline %s: expected a time above zero".formatted(deadline));
    }
    this.address = address;
    this.token = token;
    this.deadline = deadline;
  }

  /**
   * Waits for texts. To interrupt the thread breaks the request off.
   *
   * @throws AnnealException if there is no reply; its kind says why
   */
  public AnnealReply anneal(AnnealRequest request) throws AnnealException, InterruptedException {
    return await(post(request.whole()), AnnealReply::of);
  }

  /**
   * Tells every change as it happens, and ends with {@link AnnealEvent.Done}, or with an {@link
   * AnnealException}. Each subscriber is a request of its own; one that asks for events slowly is
   * waited for, and one that cancels breaks its request off.
   */
  public Flow.Publisher<AnnealEvent> stream(AnnealRequest request) {
    HttpRequest post = post(request.streamed());
    return subscriber -> new EventSubscription(post.uri(), subscriber).start(http, post, deadline);
  }

  /**
   * The names of the models that are served.
   *
   * @throws AnnealException if there is no reply; its kind says why
   */
  public List<String> models() throws AnnealException, InterruptedException {
    return await(to("/v1/models").build(), AnnealClient::names);
  }

  private static List<String> names(JsonNode list) {
    return list.required("data")
        .valueStream()
        .map(model -> model.required("id").stringValue())
        .toList();
  }

  private HttpRequest.Builder to(String path) {
    var request = HttpRequest.newBuilder(address.resolve(path));
    token.ifPresent(given -> request.header("Authorization", "Bearer " + given));
    return request;
  }

  private HttpRequest post(String body) {
    return to("/v1/anneal")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private <T> T await(HttpRequest request, Function<JsonNode, T> reader)
      throws AnnealException, InterruptedException {
    var coming = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    HttpResponse<String> response = await(coming, request.uri());
    if (response.statusCode() != 200) {
      throw AnnealException.of(
          request.uri(), response.statusCode(), response.body(), retryAfter(response.headers()));
    }
    try {
      return reader.apply(JsonMapper.shared().readTree(response.body()));
    } catch (JacksonException e) {
      throw new AnnealException.Failed(request.uri(), "the reply is not what was expected");
    }
  }

  private HttpResponse<String> await(CompletableFuture<HttpResponse<String>> coming, URI asked)
      throws AnnealException, InterruptedException {
    try {
      return coming.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw AnnealException.late(asked, deadline);
    } catch (ExecutionException e) {
      throw new AnnealException.Unreachable(asked, e.getCause() == null ? e : e.getCause());
    } finally {
      coming.cancel(true); // nothing, if it has come
    }
  }

  /** When the service asks to be asked again. */
  static Optional<Duration> retryAfter(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .filter(seconds -> seconds.matches("\\d{1,9}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
