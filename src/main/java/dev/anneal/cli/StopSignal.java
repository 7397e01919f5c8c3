package dev.anneal.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Turns Ctrl-C, or the stop signal, into a wish that a long job looks at: the job ends in its own
 * way, and the process then exits with 0.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean asked;

  private StopSignal() {}

  /** Listens from now on; close it when the job has ended. */
  static StopSignal install() {
    var signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::stop, "stop-signal"));
    return signal;
  }

  private void stop() {
    if (finished.getCount() == 0) {
      return;
    }
    asked = true;
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // The machine is going down already, with the signal's exit code; this one says all is well.
    Runtime.getRuntime().halt(0);
  }

  @Override
  public boolean getAsBoolean() {
    return asked;
  }

  @Override
  public void close() {
    finished.countDown();
  }
}
