package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.store.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that no client should send. */
@Timeout(120)
final class HostileRequestTest {
  private static final String VALID =
      "{\"model\": \"tiny\", \"prompt\": \"ab\", \"max_tokens\": 4, \"seed\": 1, \"stop\": [\"x\"],"
          + " \"temperature\": 0.5, \"sampler\": {\"name\": \"acs\", \"eta\": 0.1}}";

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

  /** Sends bytes on a connection of their own, and gives the status of the reply; 0 if none. */
  private static int status(byte[] request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), service.address("").getPort())) {
      socket.getOutputStream().write(request);
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      String line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
      return line.isEmpty() ? 0 : Integer.parseInt(line.substring(9));
    } catch (SocketException reset) {
      return 0;
    }
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

  private static int statusOf(byte[] body) throws IOException {
    return status(request(body, body.length));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aBodyThatIsNoProperJsonIsRefused() throws IOException {
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
      assertThat(statusOf(ascii(body))).as("%.40s", body).isEqualTo(400);
    }
    assertThat(statusOf(new byte[Limits.BODY_BYTES + 1])).isEqualTo(413);
  }

  /** A request that is none any more, or still is one: then it is served. */
  @Test
  void twoThousandSpoiltRequestsDisturbNobody() throws Exception {
    CompletableFuture<HttpResponse<String>> running =
        service.postLater("/v1/anneal", Service.ENDLESS.replace("1000000000", "20000"));
    service.await("anneal_requests_running", 1);
    var random = new Random(1);
    byte[] body = ascii(VALID);
    byte[] whole = request(body, body.length);
    for (int trial = 0; trial < 2_000; trial++) {
      byte[] spoilt =
          trial % 2 == 0 ? spoil(whole, random) : request(spoil(body, random), body.length);
      int status = status(spoilt);
      assertThat(status == 0 || status == 200 || (status >= 400 && status < 500))
          .as("%d for %s", status, new String(spoilt, StandardCharsets.ISO_8859_1))
          .isTrue();
    }
    assertThat(running.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(service.post("/v1/completions", VALID).statusCode()).isEqualTo(200);
    assertThat(service.log()).doesNotContain("failed");
  }

  /** A copy with a few bytes replaced. */
  private static byte[] spoil(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  @Test
  void bodiesThatBreakOffAreNoRequests() throws IOException {
    byte[] body = ascii(VALID);
    for (int length : List.of(0, 1, body.length / 2, body.length - 1)) {
      assertThat(status(request(Arrays.copyOf(body, length), body.length))).isIn(0, 400);
    }
    assertThat(service.log()).doesNotContain("failed");
  }
}
