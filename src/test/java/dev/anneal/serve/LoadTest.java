package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.store.Model;
import dev.anneal.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A service with more to do than it can, clients that go, and the stop under load. */
@Timeout(60)
final class LoadTest {
  private static final String WAITING = "anneal_requests_waiting";
  private static final String RUNNING = "anneal_requests_running";
  private static final String SHORT = "{\"prompt\": \"ab{{3}}\", \"seed\": 1}";
  private static final String STREAMED = Service.ENDLESS.replace("}}\"", "}}\", \"stream\": true");

  @TempDir private static Path folder;
  private static Model model;

  @BeforeAll
  static void load() throws IOException {
    model = Service.model(folder);
  }

  @AfterAll
  static void free() {
    model.close();
  }

  private static Limits one(Duration deadline) {
    return new Limits(Service.LENGTH, 1, 1, deadline);
  }

  @Test
  void aShortRequestDoesNotWaitForALongOne() throws Exception {
    try (var service = new Service(model, Service.roomy());
        Socket endless = service.open("/v1/anneal", Service.ENDLESS)) {
      service.await(RUNNING, 1);
      assertThat(service.post("/v1/anneal", SHORT).statusCode()).isEqualTo(200);
      assertThat(endless.getInputStream().available()).isZero();
    }
  }

  @Test
  void whereTheQueueIsFullItIsSaidWhenToComeAgain() throws Exception {
    try (var service = new Service(model, one(Duration.ofMinutes(1)));
        Socket running = service.open("/v1/anneal", Service.ENDLESS)) {
      service.await(RUNNING, 1);
      CompletableFuture<HttpResponse<String>> waiting = service.postLater("/v1/anneal", SHORT);
      service.await(WAITING, 1);
      HttpResponse<String> refused = service.post("/v1/anneal", SHORT);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(Service.json(refused).path("error").path("code").asString())
          .isEqualTo("queue_full");
      running.close();
      assertThat(waiting.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  /** As a process ends that is killed: its system resets the connection. */
  @Test
  void aClientThatIsKilledInMidStreamFreesItsPlace() throws Exception {
    try (var service = new Service(model, one(Duration.ofMinutes(1)))) {
      String busy = STREAMED.replaceFirst("^\\{", "{\"sampler\": \"remask\", ");
      Socket killed = service.open("/v1/anneal", busy);
      assertThat(killed.getInputStream().readNBytes(2_000)).hasSize(2_000);
      killed.setSoLinger(true, 0);
      killed.close();
      assertThat(service.post("/v1/anneal", SHORT).statusCode()).isEqualTo(200);
      service.await(RUNNING, 0);
      assertThat(service.log()).doesNotContain("failed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole", "streamed"})
  void aClientThatHasGoneFreesItsPlace(String delivery) throws Exception {
    String body = delivery.equals("whole") ? Service.ENDLESS : STREAMED;
    try (var service = new Service(model, one(Duration.ofMinutes(1)))) {
      Socket running = service.open("/v1/anneal", body);
      service.await(RUNNING, 1);
      Socket waiting = service.open("/v1/anneal", body);
      service.await(WAITING, 1);
      waiting.close();
      service.await(WAITING, 0);
      running.close();
      service.await(RUNNING, 0);
      assertThat(service.post("/v1/anneal", SHORT).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whoIsLateIsTold() {
    try (var service = new Service(model, one(Duration.ofMillis(300)))) {
      HttpResponse<String> late = service.post("/v1/anneal", Service.ENDLESS);
      assertThat(late.statusCode()).isEqualTo(504);
      HttpResponse<String> streamed = service.post("/v1/anneal", STREAMED);
      assertThat(streamed.body()).contains("event: error", "deadline_exceeded");
      assertThat(service.post("/v1/anneal", SHORT).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aServiceThatIsToStopFinishesWhatItHasTakenOn() throws Exception {
    var service = new Service(model, one(Duration.ofMinutes(1)));
    Socket running = service.open("/v1/anneal", Service.ENDLESS);
    service.await(RUNNING, 1);
    CompletableFuture<HttpResponse<String>> waiting = service.postLater("/v1/anneal", SHORT);
    service.await(WAITING, 1);
    Thread stopping = Thread.ofVirtual().start(service.server()::close);
    while (service.get("/readyz").statusCode() == 200) {
      Thread.sleep(5);
    }
    assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
    assertThat(service.post("/v1/anneal", SHORT).statusCode()).isEqualTo(503);
    running.close();
    assertThat(waiting.get().statusCode()).isEqualTo(200);
    stopping.join();
    assertThatThrownBy(() -> service.get("/healthz")).isInstanceOf(UncheckedIOException.class);
    service.close();
  }

  @Test
  void aFailureIsOursAndEndsOneRequest() {
    var broken =
        new Model(
            model.config(),
            model.tokenizer(),
            model.parameters(),
            new Broken(model.network(), 'a'));
    try (var service = new Service(broken, Service.roomy())) {
      long before = Tensor.live();
      assertThat(service.post("/v1/anneal", SHORT).statusCode()).isEqualTo(500);
      String streamed = SHORT.replace("}}\"", "}}\", \"stream\": true");
      assertThat(service.post("/v1/anneal", streamed).body())
          .contains("event: error", "server_error")
          .doesNotContain("secret");
      assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
      assertThat(service.log())
          .contains("ArithmeticException", "Broken.logits")
          .doesNotContain("secret");
      assertThat(Tensor.live()).isEqualTo(before);
    }
  }

  @Test
  void requestsLeaveNoTensorBehind() throws Exception {
    try (var service = new Service(model, Service.roomy())) {
      service.post("/v1/anneal", SHORT);
      service.await(RUNNING, 0);
      double before = service.metric("anneal_tensors_live");
      var replies = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int seed = 0; seed < 200; seed++) {
        replies.add(
            service.postLater(
                "/v1/anneal", "{\"prompt\": \"a{{8}}\", \"seed\": %d}".formatted(seed)));
        if (replies.size() % 20 == 0) {
          service.open("/v1/anneal", STREAMED).close();
          replies.removeIf(LoadTest::isAnswered);
        }
      }
      service.await(WAITING, 0);
      service.await(RUNNING, 0);
      assertThat(service.metric("anneal_tensors_live")).isEqualTo(before);
    }
  }

  private static boolean isAnswered(CompletableFuture<HttpResponse<String>> reply) {
    JsonNode samples = Service.json(reply.join()).path("samples");
    assertThat(samples.get(0).path("ids")).hasSize(9);
    return true;
  }
}
