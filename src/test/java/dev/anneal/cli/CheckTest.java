package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anneal.store.SafeTensorsWriter;
import dev.anneal.store.StoredTensor;
import dev.anneal.store.published.PublishedFolder;
import dev.anneal.store.published.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code anneal check} as a user meets it. */
final class CheckTest {
  private static final Path FIXTURES = Path.of("../shared/fixtures");

  @TempDir private Path folder;
  private Path model;
  private final List<StoredTensor> stored = new ArrayList<>();

  @BeforeEach
  void writeModel() throws IOException {
    model = silent().writeTo(folder.resolve("model"));
  }

  /** A model whose outputs are 0, 1, … 5, the biases of its head, whatever it reads. */
  private static PublishedFolder silent() {
    return PublishedFolder.epsilon()
        .with(Stored.floats("output_layer.linear.weight", List.of(6L, 4L), new float[24]))
        .with(Stored.floats("output_layer.linear.bias", List.of(6L), 0, 1, 2, 3, 4, 5));
  }

  /** One sequence of two masks, and the outputs of the silent model, but for the last. */
  private Path expected(float last) throws IOException {
    stored.add(Stored.longs("full/input_ids", List.of(1L, 2L), 5, 5));
    float[] output = {0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, last};
    stored.add(Stored.floats("full/output", List.of(1L, 2L, 6L), output));
    return write();
  }

  private Path write() throws IOException {
    Path file = folder.resolve("expected.safetensors");
    SafeTensorsWriter.write(file, Map.of(), stored);
    return file;
  }

  @Test
  void theLargestDifferenceIsReported() throws IOException {
    Ran ran = Ran.command("check", model, "--expected", expected(5.5f), "--json");
    assertThat(ran.exitCode()).isEqualTo(1);
    JsonNode output = ran.json().path("outputs").get(0);
    assertThat(output.path("case").asString()).isEqualTo("full");
    assertThat(output.path("rows").asInt()).isEqualTo(2);
    assertThat(output.path("absolute").asDouble()).isCloseTo(0.5, within(1e-6));
    assertThat(output.path("relative").asDouble()).isCloseTo(0.5 / 5.5, within(1e-6));
    assertThat(ran.json().path("within").asBoolean()).isFalse();
  }

  @Test
  void theToleranceDecides() throws IOException {
    Path expected = expected(5.5f);
    Ran ran = Ran.command("check", model, "--expected", expected, "--tolerance", "0.6");
    assertThat(ran.succeeds().out()).contains("full", "2 rows", "absolute 5.00e-01", "within 0.6");
    assertThat(Ran.command("check", model, "--expected", expected).exitCode()).isEqualTo(1);
  }

  @Test
  void aNumberThatIsNoneIsBeyondEveryTolerance() throws IOException {
    Ran ran = Ran.command("check", model, "--expected", expected(Float.NaN), "--tolerance", "9e9");
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void anImplementationWithoutAMaskIsComparedOnTheRest() throws IOException {
    stored.add(Stored.longs("full/input_ids", List.of(1L, 2L), 4, 3));
    float[] output = {0, 1, 2, 3, 4, 0, 1, 2, 3, 4};
    stored.add(Stored.floats("full/output", List.of(1L, 2L, 5L), output));
    Ran.command("check", model, "--expected", write()).succeeds();
  }

  @Test
  void rowsThatMeanNothingAreNotCompared() throws IOException {
    stored.add(Stored.bytes("full/rows", List.of(1L, 2L), 1, 0));
    stored.add(Stored.bytes("full/may_look", List.of(1L, 2L, 2L), 1, 0, 0, 0));
    Ran ran = Ran.command("check", model, "--expected", expected(99), "--json");
    assertThat(ran.succeeds().json().path("outputs").get(0).path("rows").asInt()).isEqualTo(1);
  }

  @Test
  void whatDoesNotFitIsRefusedInOneLine() throws IOException {
    Path expected = expected(5);
    Ran.command("check", model, "--expected", "absent").isRefused("absent");
    Ran.command("check", folder, "--expected", expected).isRefused("config.json");
    Ran.command("check", "absent", "--expected", expected).isRefused("absent");
    Ran.command("check", model, "--expected", expected, "--tolerance", "-1").isRefused("tolerance");
    Ran.command("check", model, "--expected", model.resolve("model.safetensors"))
        .isRefused("vocab_embed.embedding", "input_ids");
    stored.add(Stored.floats("full/sigma", List.of(2L), 1, 1));
    Ran.command("check", model, "--expected", write()).isRefused("full/sigma", "[1, 2]");
    stored.removeLast();
    stored.removeLast();
    Ran.command("check", model, "--expected", write()).isRefused("full", "output");
    stored.add(Stored.floats("full/output", List.of(1L, 2L, 7L), new float[14]));
    Ran.command("check", model, "--expected", write()).isRefused("full", "over 7 tokens");
  }

  @Test
  void tokensBeyondTheVocabularyAreRefused() throws IOException {
    stored.add(Stored.longs("full/input_ids", List.of(1L, 1L), 99));
    stored.add(Stored.floats("full/output", List.of(1L, 1L, 6L), new float[6]));
    Ran.command("check", model, "--expected", write()).isRefused("full", "id 99", "0 … 5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"epsilon", "gamma", "gpt2"})
  void aPublishedModelComputesWhatItsOwnCodeComputes(String family) {
    Path fixture = FIXTURES.resolve(family);
    assumeTrue(Files.exists(fixture), fixture + " is missing: skipped");
    Path expected = fixture.resolve("expected.safetensors");
    Ran ran =
        Ran.command("check", fixture, "--expected", expected, "--tolerance", "2e-5", "--json");
    assertThat(ran.succeeds().json().path("outputs")).isNotEmpty();
  }
}
