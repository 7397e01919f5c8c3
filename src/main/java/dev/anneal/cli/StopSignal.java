package dev.anneal.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Turns Ctrl-C, or the stop signal, into a wish that a long job looks at. The job ends in its own
 * way, and the process with the exit code of its command: 0 if all went well.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {

  /** Open once the process is going down and waits for a job. */
  private static final CountDownLatch ASKED = new CountDownLatch(1);

  private volatile boolean working = true;

  private StopSignal() {}

  /** Listens from now on; close it when the job has ended. */
  static StopSignal install() {
    var signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::stop, "stop-signal"));
    return signal;
  }

  private void stop() {
    if (!working) {
      return;
    }
    ASKED.countDown();
    try {
      // Holds the shutdown, whose exit code would be the signal's, until exit ends the process.
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process, also when it is going down already. */
  static void exit(int exitCode) {
    if (isAsked()) {
      Runtime.getRuntime().halt(exitCode);
    }
    System.exit(exitCode);
  }

  @Override
  public boolean getAsBoolean() {
    return isAsked();
  }

  /** Whether this process was told to stop. */
  static boolean isAsked() {
    return ASKED.getCount() == 0;
  }

  /** Waits until the job is to end. */
  void await() throws InterruptedException {
    ASKED.await();
  }

  @Override
  public void close() {
    working = false;
  }
}
