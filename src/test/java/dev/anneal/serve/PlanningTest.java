package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.store.Model;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What programs learn before they ask for a text: what there is, and what it would take. */
final class PlanningTest {
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

  @Test
  void aPlanIsTheTraceOfTheRunWithoutItsTokens() {
    String body =
        "{\"prompt\": \"a{{5}}b\", \"hyperschedule\": \"slide\", \"width\": 3, \"seed\": 4%s}";
    JsonNode plan = Service.json(service.post("/v1/plan", body.formatted("")));
    JsonNode trace =
        Service.json(service.post("/v1/anneal", body.formatted(", \"trace\": true"))).path("trace");
    assertThat(plan.path("steps")).hasSize(7);
    for (JsonNode step : trace.path("steps")) {
      ((ObjectNode) step).remove("sequences");
    }
    for (String name : List.of("steps", "order", "known", "start", "seed", "hyperschedule")) {
      assertThat(plan.get(name)).as(name).isNotNull().isEqualTo(trace.get(name));
    }
    assertThat(plan.path("pieces").path("97").asString()).isEqualTo("a");
  }

  @Test
  void aPlanRefusesWhatTheRunWould() {
    String wide = "{\"prompt\": \"a{{3}}\", \"hyperschedule\": \"flat\", \"rate\": 9}";
    HttpResponse<String> plan = service.post("/v1/plan", wide);
    assertThat(plan.statusCode()).isEqualTo(400);
    assertThat(plan.body()).isEqualTo(service.post("/v1/anneal", wide).body());
  }

  @Test
  void aPlanIsNotEndless() {
    HttpResponse<String> steps = service.post("/v1/plan", Service.ENDLESS);
    assertThat(steps.statusCode()).isEqualTo(400);
    assertThat(steps.body()).contains("plan of 1000000000 steps: expected at most 10000");
  }

  @Test
  void theOptionsNameWhatCanBeAskedFor() {
    JsonNode options = Service.json(service.get("/v1/options"));
    assertThat(options.path("model").asString()).isEqualTo(Service.MODEL);
    assertThat(options.path("longest").asInt()).isEqualTo(Service.LENGTH);
    for (JsonNode hyperschedule : options.path("hyperschedules")) {
      assertThat(status("hyperschedule", hyperschedule.path("name").asString())).isEqualTo(200);
    }
    for (JsonNode sampler : options.path("samplers")) {
      assertThat(status("sampler", sampler.path("name").asString())).isEqualTo(200);
      assertThat(sampler.path("refusal").isNull()).isTrue();
    }
    assertThat(options.path("samplers").valueStream())
        .anySatisfy(
            sampler -> {
              assertThat(sampler.path("name")).isEqualTo(options.path("sampler"));
              assertThat(sampler.path("settings").path("eta").asDouble()).isEqualTo(0.1);
            });
  }

  private static int status(String field, String name) {
    String body = "{\"prompt\": \"a{{3}}b\", \"%s\": \"%s\"}".formatted(field, name);
    return service.post("/v1/anneal", body).statusCode();
  }
}
