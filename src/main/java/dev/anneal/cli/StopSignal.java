package dev.anneal.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Turns Ctrl-C, or the stop signal, into a wish that a long job looks at. The job ends in its own
 * way, and the process with the exit code of its command: 0 if all went well.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {

  /** True once the process is going down and waits for a job. */
  private static volatile boolean asked;

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
    asked = true;
    try {
      // Holds the shutdown, whose exit code would be the signal's, until exit ends the process.
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process, also when it is going down already. */
  static void exit(int exitCode) {
    if (asked) {
      Runtime.getRuntime().halt(exitCode);
    }
    System.exit(exitCode);
  }

  @Override
  public boolean getAsBoolean() {
    return asked;
  }

  @Override
  public void close() {
    working = false;
  }
}
