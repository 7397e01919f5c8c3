package dev.anneal.serve;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import java.net.SocketTimeoutException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of the connection that this thread serves.
 *
 * <p>A request must be there in a limited time, and go on to come: {@link #isTooSlow}.
 *
 * <p>While a text is in the making nothing is written to a client that wants it whole, and nothing
 * is read: it could go away unnoticed. So a second thread reads ahead, once the request is there,
 * and comes upon the end of the connection or the beginning of the next request.
 */
final class Client {

  /** A connection is served by one thread, from its first request to its last. */
  static final ScopedValue<Client> CURRENT = ScopedValue.newInstance();

  private final DataReader connection;
  private final Patience patience;
  private volatile boolean sending = true; // from the first bytes of a request to the last
  private volatile boolean waitedFor;
  private volatile long begun = System.nanoTime(); // when it began to send
  private volatile long heard = begun; // when its last bytes came
  private volatile boolean gone;
  private boolean leaving; // known to its own thread alone
  private @Nullable FutureTask<byte[]> ahead;

  /**
   * The client that sends what this reads.
   *
   * @param patience what it may take to send a request
   */
  Client(DataReader connection, Patience patience) {
    this.connection = connection;
    this.patience = patience;
  }

  /** The client whose request this thread handles. */
  static Client current() {
    return CURRENT.get();
  }

  /** A request of it is there, or has been answered: it may take its time to begin the next. */
  void hasBeenHeard() {
    sending = false;
  }

  /** Whether it is waited for in the middle of a request, and has been for too long. */
  boolean isTooSlow() {
    long now = System.nanoTime();
    return sending
        && waitedFor
        && (now - heard > patience.pause().toNanos() || now - begun > patience.whole().toNanos());
  }

  /** It wants no more answers on this connection, which ends where its next request would begin. */
  void leaves() {
    leaving = true;
  }

  /** Starts to listen for its going away; the request must have been read. */
  void listen() {
    hasBeenHeard();
    if (ahead == null) {
      ahead = new FutureTask<>(this::readAhead);
      Thread.ofVirtual().start(ahead);
    }
  }

  /** Whether it has gone, or has closed its side of the connection; known to those who listen. */
  boolean isGone() {
    return gone;
  }

  /** The next bytes that it sends; null at the end of the connection. */
  byte @Nullable [] read() {
    if (leaving) {
      return null;
    }
    FutureTask<byte[]> first = ahead;
    if (first == null) {
      return next();
    }
    ahead = null;
    try {
      return first.get();
    } catch (ExecutionException e) {
      throw new CloseConnectionException("the connection broke off", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CloseConnectionException("the service is stopping", e);
    }
  }

  /** A client need not send its next request within the time that it has for the rest of one. */
  private byte @Nullable [] readAhead() {
    while (true) {
      try {
        byte[] bytes = next();
        gone = bytes == null;
        return bytes;
      } catch (CloseConnectionException e) {
        if (!isTimeout(e)) {
          gone = true;
          throw e;
        }
      }
    }
  }

  private static boolean isTimeout(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof SocketTimeoutException;
  }

  private byte @Nullable [] next() {
    waitedFor = true;
    try {
      byte[] bytes = connection.readBuffer().readBytes();
      heard = System.nanoTime();
      if (!sending) {
        begun = heard;
        sending = true;
      }
      return bytes;
    } catch (DataReader.InsufficientDataAvailableException e) {
      return null;
    } finally {
      waitedFor = false;
    }
  }
}
