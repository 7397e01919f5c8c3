package dev.anneal.store.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.store.RefusedFileException;
import dev.anneal.store.SafeTensorsWriter;
import dev.anneal.store.StoredTensor;
import dev.anneal.store.StoredTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The weights of a folder are found, in one file or in several. */
final class WeightFilesTest {
  private static final StoredTensor FIRST = Stored.floats("first", List.of(2L), 1, 2);
  private static final StoredTensor SECOND = Stored.floats("second", List.of(1L), 3);

  @TempDir private Path folder;

  private void write(String file, StoredTensor... tensors) throws IOException {
    SafeTensorsWriter.write(folder.resolve(file), Map.of(), List.of(tensors));
  }

  private void writeIndex(String text) throws IOException {
    Files.writeString(folder.resolve("model.safetensors.index.json"), text);
  }

  @Test
  void weightsMayLieInSeveralFiles() throws IOException {
    write("1.safetensors", FIRST);
    write("2.safetensors", SECOND);
    writeIndex(
        """
        {"metadata": {}, "weight_map": {"second": "2.safetensors", "first": "1.safetensors"}}
        """);
    try (StoredTensors weights = WeightFiles.open(folder)) {
      assertThat(weights.tensors().sequencedKeySet()).containsExactly("first", "second");
      StoredTensor second = Objects.requireNonNull(weights.tensors().get("second"));
      assertThat(Stored.floats(second)).containsExactly(3);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                           | has no weight_map",
        "{                                            | not JSON",
        "{'weight_map': {'first': '../1.safetensors'}} | [../1.safetensors], expected weights",
        "{'weight_map': {'first': '/1.safetensors'}}  | [/1.safetensors], expected weights",
        "{'weight_map': {'first': 'config.json'}}     | [config.json], expected weights beside it",
        "{'weight_map': {'other': '1.safetensors'}}   | holds [first], which",
        "{'weight_map': {'first': '1.safetensors', 'a': '1.safetensors'}} | lacks [a], which"
      })
  void anIndexThatDoesNotTellTheTruthIsRefused(String index, String reason) throws IOException {
    write("1.safetensors", FIRST);
    writeIndex(index.replace("'", "\""));
    assertRefused(reason);
  }

  @Test
  void anyOtherNameWillDoWhereItIsTheOnlyOne() throws IOException {
    assertThatThrownBy(() -> WeightFiles.open(folder))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("no weights here: expected one of model.safetensors");
    write("best.safetensors", FIRST);
    WeightFiles.open(folder).close();
    Files.write(folder.resolve("last.ckpt"), new byte[9]);
    assertRefused("several files of weights, expected one: best.safetensors, last.ckpt");
    Files.delete(folder.resolve("best.safetensors"));
    assertRefused("last.ckpt: not a zip");
  }

  @Test
  void safetensorsGoBeforePyTorch() throws IOException {
    write("model.safetensors", FIRST);
    Files.write(folder.resolve("pytorch_model.bin"), new byte[9]);
    WeightFiles.open(folder).close();
  }

  private void assertRefused(String reason) {
    assertThatThrownBy(() -> WeightFiles.open(folder).close())
        .isInstanceOf(RefusedFileException.class)
        .hasMessageContaining(reason);
  }
}
