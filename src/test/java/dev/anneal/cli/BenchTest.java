package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code anneal bench} and {@code anneal bench training}. */
final class BenchTest {

  @Test
  void trainingIsTimedInEitherWay() {
    for (String way : List.of("anneal", "dense")) {
      JsonNode report =
          tiny("--way", way, "--hyperschedule", "block", "--width", 4, "--json").succeeds().json();
      assertThat(report.path("way").asString()).isEqualTo(way);
      assertThat(report.path("hyperschedule").asString()).isEqualTo("block, width 4, levels 4");
      assertThat(report.path("tokens_per_second").asDouble())
          .isEqualTo(2 * 16 / report.path("median_ms").asDouble() * 1e3);
      assertThat(report.path("best_ms").asDouble())
          .isPositive()
          .isLessThanOrEqualTo(report.path("median_ms").asDouble());
    }
  }

  @Test
  void withoutJsonItIsALineANumber() {
    assertThat(tiny().succeeds().out().lines())
        .anySatisfy(line -> assertThat(line).matches("median_ms +\\d+\\.\\d"))
        .anySatisfy(line -> assertThat(line).matches("hyperschedule +flat, levels 16"));
  }

  @Test
  void noStepsAreRefused() {
    tiny("--steps", 0).isRefused("steps 0 after 1", "at least 1");
  }

  @Test
  void theTableWantsTheLauncher() {
    Ran.command("bench", "--quick").isRefused("bench starts ./anneal again for each part");
    Ran.command("bench", "--json", "/no/such/folder/table.json")
        .isRefused("/no/such/folder/table.json", "folder");
    Ran.command("bench", "--rounds", 0).isRefused("rounds 0: expected at least 1");
  }

  private static Ran tiny(Object... options) {
    var words = new ArrayList<Object>();
    words.addAll(List.of("bench", "training", "--layers", 1, "--heads", 2, "--channels", 8));
    words.addAll(List.of("--tokens", 16, "--length", 16, "--batch", 2));
    words.addAll(List.of("--warm-up", 1));
    words.addAll(List.of(options));
    if (!words.contains("--steps")) {
      words.addAll(List.of("--steps", 3));
    }
    return Ran.command(words.toArray());
  }
}
