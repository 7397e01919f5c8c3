package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.store.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that no client should send. */
@Timeout(600)
final class HostileRequestTest {
  private static final String VALID =
      "{\"model\": \"tiny\", \"prompt\": \"ab\", \"max_tokens\": 4, \"seed\": 1, \"stop\": [\"x\"],"
          + " \"temperature\": 0.5, \"sampler\": {\"name\": \"acs\", \"eta\": 0.1}}";

  /** {@code ./verify -Dhostile.requests=10000} sends more. */
  private static final int REQUESTS = Integer.getInteger("hostile.requests", 2_000);

  /** Clients that send at the same time. */
  private static final int CLIENTS = 8;

  @TempDir private static Path folder;
  private static Model model;
  private static Service service;

  @BeforeAll
  static void start() throws IOException {
    model = Service.model(folder);
    service = new Service(model, Service.roomy());
  }

  @AfterAll
  static void stop() {
    service.close();
    model.close();
  }

  private static Socket connect(Service service) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), service.address("").getPort());
  }

  /**
   * Sends bytes on a connection of their own, in pieces, and gives the status of the reply; 0 if
   * there is none.
   */
  private static int status(byte[] request, int pieces) throws IOException, InterruptedException {
    try (Socket socket = connect(service)) {
      OutputStream out = socket.getOutputStream();
      for (int piece = 0; piece < pieces; piece++) {
        int from = (int) ((long) request.length * piece / pieces);
        int to = (int) ((long) request.length * (piece + 1) / pieces);
        out.write(request, from, to - from);
        out.flush();
        if (piece < pieces - 1) {
          Thread.sleep(2);
        }
      }
      socket.shutdownOutput();
      return status(socket);
    } catch (SocketException reset) {
      return 0;
    }
  }

  private static int status(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    String line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
    return line.isEmpty() ? 0 : Integer.parseInt(line.substring(9));
  }

  private static byte[] request(byte[] body, int length) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        "POST /v1/completions HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(length)
            .getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aBodyThatIsNoProperJsonIsRefused() throws Exception {
    for (String body :
        List.of(
            "",
            "{",
            "[]",
            "7",
            "null",
            "{} {}",
            "{\"model\": NaN}",
            "{\"seed\": 1e99999999}",
            "{\"seed\": " + "9".repeat(5_000) + "}",
            "{\"model\": \"tiny\", \"model\": \"tiny\"}",
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            "{\"prompt\": \"\u00ff\u00fe\"}",
            "{\"prompt\": \"\u00ed\u00a0\u0080\"}",
            "{\"prompt\": \"\u00c0\u00af\"}")) {
      assertThat(status(request(ascii(body), body.length()), 1)).as("%.40s", body).isEqualTo(400);
    }
    byte[] large = new byte[Limits.BODY_BYTES + 1];
    assertThat(status(request(large, large.length), 1)).isEqualTo(413);
  }

  /** What one of many clients sends. */
  private interface Attack {
    void attack(RandomGenerator random) throws IOException, InterruptedException;
  }

  /** Attacks from all sides, while one text is in the making, which comes out as it does alone. */
  private static void disturb(int attacks, Attack attack) throws Exception {
    String asked =
        Service.ENDLESS.replace("1000000000", "2000").replace("}}\"", "}}\", \"seed\": 3");
    String alone = Service.json(service.post("/v1/anneal", asked)).path("samples").toString();
    CompletableFuture<HttpResponse<String>> running = service.postLater("/v1/anneal", asked);
    service.await("anneal_requests_running", 1);
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<Future<Integer>>();
      for (int client = 0; client < CLIENTS; client++) {
        var random = new Random(client);
        Callable<Integer> all =
            () -> {
              for (int i = 0; i < attacks / CLIENTS; i++) {
                attack.attack(random);
              }
              return attacks / CLIENTS;
            };
        results.add(clients.submit(all));
      }
      for (Future<Integer> result : results) {
        assertThat(result.get()).isEqualTo(attacks / CLIENTS);
      }
    }
    HttpResponse<String> reply = running.get(1, TimeUnit.MINUTES);
    assertThat(Service.json(reply).path("samples").toString()).isEqualTo(alone);
    assertThat(service.post("/v1/completions", VALID).statusCode()).isEqualTo(200);
    service.await("anneal_requests_running", 0);
    assertThat(service.log()).doesNotContain("failed");
  }

  /** Two hundred connections are begun and not used further all the while. */
  @Test
  void malformedRequestsAreRefusedAndDisturbNobody() throws Exception {
    var stalled = new ArrayList<Socket>();
    for (int i = 0; i < 200; i++) {
      Socket socket = connect(service);
      socket.getOutputStream().write(request(ascii(VALID), VALID.length()), 0, 1 + i);
      stalled.add(socket);
    }
    disturb(REQUESTS, HostileRequestTest::sendMalformed);
    for (Socket socket : stalled) {
      socket.close();
    }
  }

  private static void sendMalformed(RandomGenerator random)
      throws IOException, InterruptedException {
    Malformed kind = Malformed.any(random);
    byte[] bytes = kind.bytes(random);
    int status = status(bytes, random.nextInt(10) == 0 ? 5 : 1);
    boolean refused = (status >= 400 && status < 500) || (status == 0 && kind.isNoRequest());
    assertThat(refused).as(() -> described(kind, status, bytes)).isTrue();
  }

  private static String described(Malformed kind, int status, byte[] bytes) {
    return "%s: %d for %.500s"
        .formatted(kind, status, new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /** A request with a few wrong bytes is none any more, or still is one: then it is served. */
  @Test
  void spoiltRequestsDisturbNobody() throws Exception {
    byte[] body = ascii(VALID);
    byte[] whole = request(body, body.length);
    disturb(
        REQUESTS / 5,
        random -> {
          byte[] spoilt =
              random.nextBoolean()
                  ? spoil(whole, random)
                  : request(spoil(body, random), body.length);
          int status = status(spoilt, 1);
          assertThat(status == 0 || status == 200 || (status >= 400 && status < 500))
              .as("%d for %s", status, new String(spoilt, StandardCharsets.ISO_8859_1))
              .isTrue();
        });
  }

  /** A copy with a few bytes replaced. */
  private static byte[] spoil(byte[] good, RandomGenerator random) {
    byte[] bytes = good.clone();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  /** The head of a request, its body, or nothing more at all: patience has an end. */
  @Test
  void whoStallsOrDripsIsSentAway() throws Exception {
    var patience = new Patience(Duration.ofMillis(300), Duration.ofMillis(600));
    byte[] whole = request(ascii(VALID), VALID.length());
    int head = whole.length - VALID.length();
    try (var hasty = new Service(model, Service.roomy(), Optional.empty(), patience)) {
      for (int sent : List.of(0, 1, head / 2, head, whole.length - 1)) {
        try (Socket stalled = connect(hasty)) {
          stalled.getOutputStream().write(whole, 0, sent);
          assertThat(status(stalled)).as("after %d bytes", sent).isIn(0, 400);
        }
      }
      try (Socket dripping = connect(hasty)) {
        dripping.getOutputStream().write(request(new byte[0], Limits.BODY_BYTES));
        assertThat(drip(dripping)).isIn(0, 400);
      }
      assertThat(hasty.post("/v1/completions", VALID).statusCode()).isEqualTo(200);
      assertThat(hasty.log()).doesNotContain("failed");
    }
  }

  /** Sends a space now and then, as long as it is listened to. */
  private static int drip(Socket socket) throws IOException, InterruptedException {
    try {
      while (socket.getInputStream().available() == 0) {
        socket.getOutputStream().write(' ');
        Thread.sleep(50);
      }
      return status(socket);
    } catch (SocketException closed) {
      return 0;
    }
  }
}
