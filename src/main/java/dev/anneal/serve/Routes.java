package dev.anneal.serve;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.util.ArrayList;
import java.util.List;

/** What is offered at which address, to which method; other methods are told so. */
final class Routes {
  private final Door door;
  private final HttpRouting.Builder routing = HttpRouting.builder();
  private final List<String> offers = new ArrayList<>();

  /**
   * Nothing so far.
   *
   * @param door where other methods are refused
   */
  Routes(Door door) {
    this.door = door;
  }

  /** Something for people to look at, which is no offer to programs. */
  Routes page(String address, Handler handler) {
    return route(Method.GET, address, handler);
  }

  /** Something to get. */
  Routes get(String address, Handler handler) {
    return offer(Method.GET, address, handler);
  }

  /** Something to send to. */
  Routes post(String address, Handler handler) {
    return offer(Method.POST, address, handler);
  }

  private Routes offer(Method method, String address, Handler handler) {
    offers.add(method.text() + " " + address);
    return route(method, address, handler);
  }

  /** The first that fits is taken: every method but this one comes to the second. */
  private Routes route(Method method, String address, Handler handler) {
    routing.route(method, address, heard(handler));
    routing.any(address, heard(door.guarded(address, refusal(method))));
    return this;
  }

  private static Handler refusal(Method offered) {
    return (request, response) -> {
      response.header(HeaderNames.ALLOW, offered.text());
      throw new Refusal(
          Refusal.Kind.WRONG_METHOD,
          "this address takes no %s: expected %s"
              .formatted(request.prologue().method().text(), offered.text()));
    };
  }

  /** Methods and addresses, such as {@code GET /v1/models}. */
  List<String> offers() {
    return List.copyOf(offers);
  }

  /**
   * All of them.
   *
   * @param other handles other addresses
   */
  HttpRouting.Builder routing(Handler other) {
    return routing.any(heard(other));
  }

  /**
   * A client has time for its next request once this one is answered, or wants no other: Helidon
   * says so in its answer, but would go on listening.
   */
  private static Handler heard(Handler handler) {
    return (request, response) -> {
      try {
        handler.handle(request, response);
      } finally {
        Client.current().hasBeenHeard();
        if (request.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
          Client.current().leaves();
        }
      }
    };
  }
}
