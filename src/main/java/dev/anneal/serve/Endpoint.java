package dev.anneal.serve;

import io.helidon.webserver.http.ServerResponse;

/** Answers requests that are JSON objects. */
interface Endpoint {

  /**
   * Answers one.
   *
   * @throws Refusal if it cannot, as long as nothing has been sent
   * @throws IllegalArgumentException if it is asked for what there is not
   */
  void answer(Fields fields, ServerResponse response) throws InterruptedException;
}
