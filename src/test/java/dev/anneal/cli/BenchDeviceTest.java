package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code anneal bench device}. */
final class BenchDeviceTest {

  @Test
  void aDeviceThatMultipliesInBFloat16IsWithinTheTolerancesAndTimed() {
    JsonNode report = tiny("--precision", "bfloat16", "--json").succeeds().json();
    assertThat(report.path("precision").asString()).isEqualTo("bfloat16");
    assertThat(report.path("contract"))
        .hasSize(14)
        .allMatch(finding -> finding.path("holds").asBoolean())
        .filteredOn(finding -> finding.path("difference").asDouble() > 1e-4)
        .hasSizeGreaterThan(6);
    assertThat(report.path("matrix_flops").asDouble()).isPositive();
    assertThat(report.path("training").path("share_of_matrix_rate").asDouble()).isPositive();
    JsonNode generation = report.path("generation").path(0);
    assertThat(generation.path("ratio").asDouble())
        .isPositive()
        .isEqualTo(
            generation.path("tokens_per_second").asDouble()
                / generation.path("recomputing_tokens_per_second").asDouble());
  }

  @Test
  void wantsRoomForItsBlocks() {
    Ran.command("bench", "device", "--length", 511).isRefused("length 511", "at least 512");
  }

  private static Ran tiny(Object... options) {
    var words = new ArrayList<Object>(List.of("bench", "device", "--layers", 1, "--heads", 2));
    words.addAll(List.of("--channels", 8, "--tokens", 16, "--batch", 1, "--steps", 1));
    words.addAll(List.of("--length", 512, "--texts", 1, "--matrix", 16));
    words.addAll(List.of(options));
    return Ran.command(words.toArray());
  }
}
