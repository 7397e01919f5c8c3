package dev.anneal.store.hub;

import java.io.IOException;

/** The hub cannot be asked, or says no: asking again does not help. */
final class HubRefusedException extends IOException {

  private static final long serialVersionUID = 1;

  HubRefusedException(HubModel model, String reason) {
    super(model + ": " + reason);
  }

  HubRefusedException(HubModel model, String reason, Throwable cause) {
    super(model + ": " + reason, cause);
  }
}
