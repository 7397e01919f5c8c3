package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bundled model, served by a process of its own. */
@Timeout(120)
final class ServeTest {

  private static Process start() throws Exception {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.anneal.cli.Main",
            "serve",
            "--port",
            "0");
    builder.environment().put("ANNEAL_TOKEN", "secret");
    return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  @Test
  void itPrintsItsAddressServesAndStopsWhenTold() throws Exception {
    Process process = start();
    try (BufferedReader out = process.inputReader();
        HttpClient http = HttpClient.newHttpClient()) {
      String address = out.readLine();
      assertThat(address).startsWith("http://127.0.0.1:");
      var request =
          HttpRequest.newBuilder(URI.create(address + "/v1/models"))
              .header("Authorization", "Bearer secret")
              .build();
      HttpResponse<String> models = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(models.body()).contains("\"starter\"");
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void whatDoesNotFitIsRefusedInOneLine() {
    Ran.command("serve", "--model", "nowhere").isRefused("nowhere", "model folder");
    Ran.command("serve", "--port", "65536").isRefused("port 65536");
    Ran.command("serve", "--port", "0", "--queue", "0").isRefused("queue 0");
    Ran.command("serve", "--port", "0", "--max-length", "100000").isRefused("length 100000");
    Ran.command("serve", "--port", "0", "--host", "nobody.invalid").isRefused("nobody.invalid");
  }
}
