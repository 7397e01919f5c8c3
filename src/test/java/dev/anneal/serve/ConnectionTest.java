package dev.anneal.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.store.Model;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a reply ends, and a connection. */
final class ConnectionTest {
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

  /** A body would be taken for the beginning of the next reply. */
  @ParameterizedTest
  @CsvSource({"/healthz, 405", "/nothing, 404"})
  void aRefusalOfHeadHasNoBody(String address, int status) throws IOException {
    String requests =
        "HEAD %s HTTP/1.1\r\nHost: here\r\n\r\nGET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
            .formatted(address);
    int port = service.address("").getPort();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(requests.getBytes(US_ASCII));
      var reply = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      assertThat(reply.readLine()).startsWith("HTTP/1.1 " + status);
      while (!reply.readLine().isEmpty()) {}
      assertThat(reply.readLine()).startsWith("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET /healthz, ''",
    "GET /nowhere, ''",
    "HEAD /v1/anneal, ''",
    "POST /v1/anneal, '{}'"
  })
  void aConnectionEndsAfterTheAnswerIfAskedTo(String request, String body) throws IOException {
    String asked =
        "%s HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(request, body.length(), body);
    int port = service.address("").getPort();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(asked.getBytes(US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 ")
          .contains("Connection: close");
    }
  }

  @Test
  void aConnectionThatStreamedEndsIfAskedTo() throws IOException {
    String body = "{\"prompt\": \"ab{{4}}\", \"stream\": true}";
    String asked =
        "POST /v1/anneal HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body);
    int port = service.address("").getPort();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(asked.getBytes(US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 200");
    }
  }
}
