package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.client.AnnealClient;
import dev.anneal.client.AnnealEvent;
import dev.anneal.client.AnnealException;
import dev.anneal.client.AnnealReply;
import dev.anneal.client.AnnealRequest;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

  private static AnnealClient client(String address) {
    return new AnnealClient(URI.create(address), Optional.of("secret"), Duration.ofMinutes(2));
  }

  /** Tells when it has heard the first event, and how it ended. */
  private static final class Watch implements Flow.Subscriber<AnnealEvent> {
    final CountDownLatch begun = new CountDownLatch(1);
    final CompletableFuture<AnnealReply> reply = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(AnnealEvent event) {
      begun.countDown();
      if (event instanceof AnnealEvent.Done(AnnealReply made)) {
        reply.complete(made);
      }
    }

    @Override
    public void onError(Throwable thrown) {
      reply.completeExceptionally(thrown);
    }

    @Override
    public void onComplete() {}
  }

  private static boolean isServed(AnnealClient client) throws InterruptedException {
    try {
      client.anneal(AnnealRequest.prompt("a{{1}}"));
      return true;
    } catch (AnnealException.Busy | AnnealException.Unreachable e) {
      return false;
    } catch (AnnealException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void toldToStopUnderLoadItFinishesWhatItHasTakenOn() throws Exception {
    Process process = start();
    try (BufferedReader out = process.inputReader();
        AnnealClient client = client(out.readLine())) {
      var asked =
          AnnealRequest.prompt("It was{{40}}.").hyperschedule("flat").levels(400).sampler("remask");
      var watches = Stream.generate(Watch::new).limit(3).toList();
      watches.forEach(watch -> client.stream(asked).subscribe(watch));
      for (Watch watch : watches) {
        watch.begun.await();
      }
      process.destroy();
      while (isServed(client)) {
        Thread.onSpinWait();
      }
      for (Watch watch : watches) {
        assertThat(watch.reply.get().samples().getFirst().ids()).hasSizeGreaterThan(40);
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
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
