package dev.anneal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The closed forms against the level tables of the official builders.
 *
 * <p>Deliberate differences, hence not compared: slide where width and levels differ (the official
 * one settles at a wrong rate) and hybrid (the official block falls one level at once, then waits).
 */
class HyperscheduleFixtureTest {

  private static final Path TABLES = Path.of("../shared/fixtures/hyperschedules.json");

  @ParameterizedTest
  @CsvSource({
    "block,4,4",
    "block,4,8",
    "block,4,2",
    "block,1,1",
    "block,1,4",
    "block,8,3",
    "block,8,8",
    "block,16,4",
    "slide,4,4",
    "slide,1,1",
    "slide,8,8"
  })
  void theOfficialLevelsAreReproduced(String name, int width, int levels) {
    assumeTrue(Files.exists(TABLES), TABLES + " is missing: skipped");
    JsonNode table =
        new ObjectMapper()
            .readTree(TABLES.toFile())
            .required("%s/width=%d/tau=%d".formatted(name, width, levels));
    Hyperschedule hyperschedule = HyperscheduleFamily.create(name, width, levels);
    int length = table.required("sequence_length").intValue();
    assertThat(hyperschedule.levels()).isEqualTo(table.required("worthless").intValue());
    assertThat(hyperschedule.steps(length)).isEqualTo(table.required("max_step").intValue() - 1);
    JsonNode states = table.required("levels");
    for (int step = 0; step < states.size(); step++) {
      for (int position = 0; position < length; position++) {
        assertThat(hyperschedule.level(step, position))
            .as("state %d, position %d", step, position)
            .isEqualTo(states.get(step).get(position).intValue());
      }
    }
  }
}
