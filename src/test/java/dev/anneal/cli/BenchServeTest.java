package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Linear;
import dev.anneal.store.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code anneal bench serve} and {@code anneal bench soak}. */
final class BenchServeTest {
  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void save() throws IOException {
    model = folder.resolve("tiny");
    TinyModel.save(model, 32, new Noise(new EpsilonHybrid(0.01), new Linear()));
  }

  @Test
  void tellsWhatManyClientsAreServedAgainstOne() {
    Ran ran =
        Ran.command(
            "bench",
            "serve",
            "--model",
            model,
            "--clients",
            3,
            "--length",
            8,
            "--rounds",
            1,
            "--json");
    JsonNode report = ran.succeeds().json();
    assertThat(report.get("clients").asInt()).isEqualTo(3);
    assertThat(report.get("contests").valueStream().map(row -> row.get("hyperschedule").asString()))
        .containsExactly(
            "quenched", "block, width 8", "block, width 32", "slide, width 16", "flat");
    for (JsonNode row : report.get("contests")) {
      double one = row.get("one_tokens_per_second").asDouble();
      assertThat(row.get("ratio").asDouble())
          .isPositive()
          .isEqualTo(row.get("tokens_per_second").asDouble() / one);
      assertThat(row.get("requests_per_call").asDouble()).isBetween(1.0, 3.0);
    }
  }

  @Test
  void aServiceIsTheSameAfterHundredsOfRequests() {
    Ran ran =
        Ran.command(
            "bench", "soak", "--model", model, "--requests", 300, "--clients", 8, "--laps", 2);
    List<String> lines = ran.succeeds().out().lines().skip(1).toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.getLast()).containsPattern("target at most 0.5 %: (reached|missed)$");
    assertThat(lines.get(1).strip().split(" +")).startsWith("300", "0", "0");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void aSoakWantsLapsToCompare() {
    Ran.command("bench", "soak", "--model", model, "--laps", 1)
        .isRefused("1 laps", "expected 2 laps");
  }

  @Test
  void oneClientIsNoCompany() {
    Ran.command("bench", "serve", "--model", model, "--clients", 1)
        .isRefused("clients 1", "at least 2");
  }
}
