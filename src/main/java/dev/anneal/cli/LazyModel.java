package dev.anneal.cli;

import dev.anneal.store.Model;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A model for any thread: it is loaded at its first use, and used on one thread of its own. */
final class LazyModel implements AutoCloseable {

  /** What is done with the model. */
  @FunctionalInterface
  interface Use<T> {
    T with(Model model) throws IOException;
  }

  private final ModelOptions options;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("device").daemon().factory());
  private @Nullable Model model; // of that thread

  LazyModel(ModelOptions options) {
    this.options = options;
  }

  /**
   * Uses the model, after those who came before.
   *
   * @throws IOException if it cannot be loaded, or its use fails
   */
  <T> T use(Use<T> use) throws IOException {
    try {
      return thread.submit(() -> use.with(loaded())).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while waiting for the model");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException thrown -> throw thrown;
        case RuntimeException thrown -> throw thrown;
        case Error thrown -> throw thrown;
        case null, default -> throw new AssertionError("nothing else is thrown", e);
      }
    }
  }

  private Model loaded() throws IOException {
    if (model == null) {
      model = options.load();
    }
    return model;
  }

  @Override
  public void close() {
    thread.execute(
        () -> {
          if (model != null) {
            model.close();
          }
        });
    thread.close();
  }
}
