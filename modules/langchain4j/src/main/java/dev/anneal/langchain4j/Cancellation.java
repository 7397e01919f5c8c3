package dev.anneal.langchain4j;

import dev.langchain4j.model.chat.response.StreamingHandle;

/** Lets whoever hears an answer stop it. */
final class Cancellation implements StreamingHandle {
  private Runnable action = () -> {};
  private boolean cancelled;

  /** What there is to do when it is cancelled; at once if it has been. */
  synchronized void onCancel(Runnable action) {
    this.action = action;
    if (cancelled) {
      action.run();
    }
  }

  @Override
  public synchronized void cancel() {
    if (!cancelled) {
      cancelled = true;
      action.run();
    }
  }

  @Override
  public synchronized boolean isCancelled() {
    return cancelled;
  }
}
