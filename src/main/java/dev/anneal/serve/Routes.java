package dev.anneal.serve;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.util.ArrayList;
import java.util.List;

/** What is offered at which address. */
final class Routes {
  private final HttpRouting.Builder routing = HttpRouting.builder();
  private final List<String> offers = new ArrayList<>();

  /** Something for people to look at, which is no offer to programs. */
  Routes page(String address, Handler handler) {
    routing.get(address, heard(handler));
    return this;
  }

  /** Something to get. */
  Routes get(String address, Handler handler) {
    offers.add("GET " + address);
    routing.get(address, heard(handler));
    return this;
  }

  /** Something to send to. */
  Routes post(String address, Handler handler) {
    offers.add("POST " + address);
    routing.post(address, heard(handler));
    return this;
  }

  /** Methods and addresses, such as {@code GET /v1/models}. */
  List<String> offers() {
    return List.copyOf(offers);
  }

  /**
   * All of them.
   *
   * @param other handles what is not offered
   */
  HttpRouting.Builder routing(Handler other) {
    return routing.any(heard(other));
  }

  /** A client has time for its next request once this one is answered. */
  private static Handler heard(Handler handler) {
    return (request, response) -> {
      try {
        handler.handle(request, response);
      } finally {
        Client.current().hasBeenHeard();
      }
    };
  }
}
