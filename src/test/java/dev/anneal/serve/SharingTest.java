package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.store.Model;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that share the calls of the model. */
@Timeout(60)
final class SharingTest {
  private static final String RUNNING = "anneal_requests_running";
  private static final String CALLS = "anneal_call_requests_count";
  private static final String ASKED = "anneal_call_requests_sum";
  private static final String SHORT = "{\"prompt\": \"ab{{3}}\", \"seed\": 1}";

  /** Asks the model in every step, from its first call on. */
  private static final String LONG =
      "{\"prompt\": \"cd{{40}}\", \"hyperschedule\": \"flat\", \"levels\": 200000,"
          + " \"sampler\": {\"name\": \"acs\", \"eta\": 1}}";

  /** Asks the model in a third of its steps: each of 40 tokens may be drawn anew. */
  private static final String SPARSE =
      "{\"correct\": \"%s\", \"from\": 0.9, \"levels\": 200000,".formatted("ab".repeat(20))
          + " \"sampler\": {\"name\": \"acs\", \"eta\": 0.01}}";

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

  private static void awaitCalls(Service service, double more) throws InterruptedException {
    double before = service.metric(CALLS);
    while (service.metric(CALLS) < before + more) {
      Thread.sleep(10);
    }
  }

  /** Requests that have nothing in common. */
  private static List<String> bodies() {
    var bodies = new ArrayList<String>();
    List<String> how =
        List.of(
            "\"hyperschedule\": \"quenched\"",
            "\"hyperschedule\": \"slide\", \"width\": 4, \"temperature\": 0.7",
            "\"hyperschedule\": \"block\", \"width\": 8, \"rate\": 2, \"top_p\": 0.9",
            "\"hyperschedule\": \"flat\", \"sampler\": \"confidence\", \"guidance\": 1");
    for (int seed = 0; seed < 24; seed++) {
      String prompt = "abcdefgh".substring(seed % 8) + "{{%d}}z".formatted(2 + seed % 7);
      bodies.add(
          "{\"prompt\": \"%s\", \"seed\": %d, \"samples\": %d, %s}"
              .formatted(prompt, seed, 1 + seed % 3, how.get(seed % how.size())));
    }
    return bodies;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aTextIsTheSameAloneAndInCompany(int workers) {
    var limits = new Limits(Service.LENGTH, 64, 8, Duration.ofMinutes(1), workers);
    try (var service = new Service(model, limits)) {
      List<String> bodies = bodies();
      List<String> alone =
          bodies.stream().map(body -> texts(service.post("/v1/anneal", body))).toList();
      List<CompletableFuture<HttpResponse<String>>> together =
          bodies.stream().map(body -> service.postLater("/v1/anneal", body)).toList();
      assertThat(together.stream().map(reply -> texts(reply.join())))
          .containsExactlyElementsOf(alone);
    }
  }

  @Test
  void workersMakeStepsOfTheirOwnAndStopWhenAllIsDone() throws Exception {
    var limits = new Limits(Service.LENGTH, 64, 8, Duration.ofMinutes(1), 2);
    var service = new Service(model, limits);
    Socket one = service.open("/v1/anneal", LONG);
    Socket other = service.open("/v1/anneal", LONG);
    service.await(RUNNING, 2);
    awaitCalls(service, 3);
    assertThat(service.metric("anneal_call_requests_max")).isEqualTo(1);
    assertThat(service.post("/v1/anneal", SHORT).statusCode()).isEqualTo(200);
    Thread stopping = Thread.ofVirtual().start(service.server()::close);
    one.close();
    other.close();
    stopping.join();
    service.close();
  }

  private static String texts(HttpResponse<String> reply) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return Service.json(reply).path("samples").toString();
  }

  @Test
  void aRequestJoinsTheCallsOfAnother() throws Exception {
    try (var service = new Service(model, Service.roomy());
        Socket endless = service.open("/v1/anneal", LONG)) {
      awaitCalls(service, 3);
      assertThat(service.metric("anneal_call_requests_max")).isEqualTo(1);
      int calls = Service.json(service.post("/v1/anneal", SHORT)).path("calls").asInt();
      assertThat(service.metric("anneal_call_requests_max")).isEqualTo(2);
      service.await(RUNNING, 1);
      awaitCalls(service, 1);
      endless.close();
      service.await(RUNNING, 0);
      assertThat(service.metric(ASKED) - service.metric(CALLS)).isEqualTo(calls);
      assertThat(service.metric("anneal_call_rows_sum")).isGreaterThan(service.metric(ASKED));
    }
  }

  /**
   * Where it stood still in a step without a call, the other would be alone in half of its calls.
   */
  @Test
  void whoAsksNothingGoesOnToTheNextSharedCall() throws Exception {
    try (var service = new Service(model, Service.roomy());
        Socket one = service.open("/v1/anneal", SPARSE);
        Socket other = service.open("/v1/anneal", SPARSE.replace("ab", "cd"))) {
      service.await(RUNNING, 2);
      double calls = service.metric(CALLS);
      double asked = service.metric(ASKED);
      awaitCalls(service, 200);
      double company = (service.metric(ASKED) - asked) / (service.metric(CALLS) - calls);
      assertThat(company).isGreaterThan(1.6);
      one.close();
      other.close();
      service.await(RUNNING, 0);
    }
  }

  @Test
  void aFailureInCompanyEndsOneRequest() throws Exception {
    var broken =
        new Model(
            model.config(),
            model.tokenizer(),
            model.parameters(),
            new Broken(model.network(), 'z'));
    try (var service = new Service(broken, Service.roomy())) {
      String alone = texts(service.post("/v1/anneal", SHORT));
      Socket endless =
          service.open("/v1/anneal", LONG.replace("{{40}}", "{{4}}").replace("200000", "50000"));
      awaitCalls(service, 3);
      assertThat(service.post("/v1/anneal", SHORT.replace("ab", "zz")).statusCode()).isEqualTo(500);
      assertThat(texts(service.post("/v1/anneal", SHORT))).isEqualTo(alone);
      service.await(RUNNING, 1);
      endless.close();
      service.await(RUNNING, 0);
    }
  }

  @Test
  void theCachesOfRunningRequestsAreCounted() throws Exception {
    try (var service = new Service(model, Service.roomy());
        Socket endless = service.open("/v1/anneal", Service.ENDLESS)) {
      service.await(RUNNING, 1);
      int keysAndValues = 2;
      int places = 8;
      int channels = 16;
      service.await("anneal_cache_bytes", keysAndValues * places * channels * Float.BYTES);
      endless.close();
      service.await("anneal_cache_bytes", 0);
    }
  }
}
