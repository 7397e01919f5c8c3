package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code anneal bench generate}. */
final class BenchGenerateTest {

  @Test
  void tellsTheSpeedOfEachHyperscheduleAndItsRatioToEachRival() {
    JsonNode report = tiny("--length", 512, "--longest", 512, "--json").succeeds().json();
    assertThat(report.get("contests").valueStream().map(BenchGenerateTest::contest))
        .containsExactly(
            "flat, levels 512: as published",
            "quenched: without the cache",
            "block, width 32, levels 32: without the cache",
            "block, width 32, levels 32: as published",
            "slide, width 32, levels 32: without the cache",
            "slide, width 32, levels 32: as published",
            "block, width 32, levels 8: without the cache",
            "block, width 32, levels 8: as published",
            "slide, width 32, levels 8: without the cache",
            "slide, width 32, levels 8: as published");
    for (JsonNode row : report.get("contests")) {
      double rival = row.get("rival_tokens_per_second").asDouble();
      assertThat(row.get("ratio").asDouble())
          .isPositive()
          .isEqualTo(row.get("tokens_per_second").asDouble() / rival);
    }
    assertThat(report.get("growth").valueStream().map(row -> row.get("length").asInt()))
        .containsExactly(256, 512);
  }

  @Test
  void timesOneHyperscheduleAlone() {
    JsonNode report =
        tiny("--length", 512, "--hyperschedule", "quenched", "--json").succeeds().json();
    assertThat(report.get("contests").valueStream().map(BenchGenerateTest::contest))
        .containsExactly("quenched: without the cache");
    assertThat(report.has("growth")).isFalse();
  }

  @Test
  void wantsRoomForItsWindows() {
    tiny("--length", 511).isRefused("length 511", "at least 512");
  }

  private static String contest(JsonNode row) {
    return row.get("hyperschedule").asString() + ": " + row.get("against").asString();
  }

  private static Ran tiny(Object... options) {
    var words = new ArrayList<Object>();
    words.addAll(List.of("bench", "generate", "--quick", "--layers", 1, "--heads", 2));
    words.addAll(List.of("--channels", 8, "--tokens", 16));
    words.addAll(List.of(options));
    return Ran.command(words.toArray());
  }
}
