package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is known of a client that sends a byte at a time. */
@Timeout(60)
final class ClientTest {
  private static final Duration NONE = Duration.ZERO;
  private static final Duration LONG = Duration.ofDays(1);

  private final SynchronousQueue<byte[]> bytes = new SynchronousQueue<>();
  private @Nullable Thread reader;

  private Client client(Duration pause, Duration whole) {
    return new Client(new DataReader(this::take), new Patience(pause, whole));
  }

  private byte[] take() {
    try {
      return bytes.take();
    } catch (InterruptedException e) {
      throw new CloseConnectionException("the test is over", e);
    }
  }

  /** Reads until the test is over. */
  private void read(Client client) {
    reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (client.read() != null) {}
                  } catch (CloseConnectionException over) {
                    assertThat(over).hasMessage("the test is over");
                  }
                });
  }

  private void send() throws InterruptedException {
    bytes.put(new byte[] {'x'});
  }

  @AfterEach
  void stop() {
    if (reader != null) {
      reader.interrupt();
    }
  }

  private static void awaitTooSlow(Client client) throws InterruptedException {
    while (!client.isTooSlow()) {
      Thread.sleep(1);
    }
  }

  @Test
  void whoPausesInARequestIsTooSlow() throws Exception {
    Client client = client(NONE, LONG);
    read(client);
    send();
    awaitTooSlow(client);
  }

  @Test
  void whoDripsARequestIsTooSlow() throws Exception {
    Client client = client(LONG, NONE);
    read(client);
    send();
    send();
    awaitTooSlow(client);
  }

  @Test
  void whoBeginsNoRequestAtAllIsTooSlow() throws Exception {
    Client client = client(NONE, LONG);
    read(client);
    awaitTooSlow(client);
  }

  @Test
  void whoHasTimeIsNotTooSlow() throws Exception {
    Client client = client(LONG, LONG);
    read(client);
    send();
    send();
    assertThat(client.isTooSlow()).isFalse();
  }

  @Test
  void betweenRequestsThereIsTime() throws Exception {
    Client client = client(NONE, NONE);
    client.hasBeenHeard();
    read(client);
    Thread.sleep(20);
    assertThat(client.isTooSlow()).isFalse();
    send();
    awaitTooSlow(client);
  }

  @Test
  void whoIsNotWaitedForIsNotTooSlow() throws Exception {
    Client client = client(NONE, NONE);
    Thread.sleep(2);
    assertThat(client.isTooSlow()).isFalse();
  }
}
