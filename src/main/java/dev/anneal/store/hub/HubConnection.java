package dev.anneal.store.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Asks a hub. Redirections are followed by hand: a hub sends downloads elsewhere, and there the
 * token has no business.
 */
final class HubConnection implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int MAX_REDIRECTIONS = 5;

  private final HubSettings settings;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  HubConnection(HubSettings settings) {
    this.settings = settings;
  }

  /**
   * Asks for a path of the hub.
   *
   * @param model named in messages
   * @param path begins with a slash
   * @param offset the first byte wanted
   * @return an answer of status 200, 206 or 416; its body is the caller's to close
   * @throws IOException if the hub cannot be reached, or refuses
   */
  HttpResponse<InputStream> get(HubModel model, String path, long offset) throws IOException {
    URI address = URI.create(settings.endpoint() + path);
    for (int hop = 0; hop <= MAX_REDIRECTIONS; hop++) {
      HttpResponse<InputStream> answer = send(model, address, offset);
      int status = answer.statusCode();
      if (status == 200 || status == 206 || status == 416) {
        return answer;
      }
      answer.body().close();
      if (status / 100 != 3) {
        throw new HubRefusedException(model, refusal(status));
      }
      address = redirected(model, address, answer);
    }
    throw new HubRefusedException(model, "the hub sends from one place to the next without end");
  }

  private HttpResponse<InputStream> send(HubModel model, URI address, long offset)
      throws IOException {
    var request = HttpRequest.newBuilder(address).timeout(ANSWER);
    if (isHub(address)) {
      settings.token().ifPresent(it -> request.header("Authorization", "Bearer " + it));
    }
    if (offset > 0) {
      request.header("Range", "bytes=" + offset + "-");
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + address.getHost());
    } catch (ConnectException e) {
      throw new HubRefusedException(
          model,
          "cannot reach %s; what was fetched before needs no network with HF_HUB_OFFLINE=1"
              .formatted(address.getHost()),
          e);
    }
  }

  private boolean isHub(URI address) {
    URI hub = settings.endpoint();
    return hub.getScheme().equals(address.getScheme())
        && hub.getAuthority().equals(address.getAuthority());
  }

  private static URI redirected(HubModel model, URI from, HttpResponse<?> answer)
      throws IOException {
    String location = answer.headers().firstValue("Location").orElse("");
    try {
      URI to = from.resolve(location);
      boolean safe = "https".equals(to.getScheme()) || from.getScheme().equals(to.getScheme());
      if (!location.isEmpty() && to.getHost() != null && safe) {
        return to;
      }
    } catch (IllegalArgumentException noAddress) {
      // Told below.
    }
    throw new HubRefusedException(model, "the hub sends to a place that is no safe address");
  }

  private String refusal(int status) {
    return switch (status) {
      case 401, 403 ->
          settings.token().isPresent()
              ? "the hub does not let this HF_TOKEN read it (status " + status + ")"
              : "not for everybody, or there is no such model: a token in HF_TOKEN may help";
      case 404 -> "the hub has no such model, revision or file";
      default -> "the hub answers with status " + status;
    };
  }

  @Override
  public void close() {
    client.close();
  }
}
