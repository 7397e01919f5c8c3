package dev.anneal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.attention.BlockCausalContext;
import dev.anneal.model.Architecture;
import dev.anneal.model.Conditioning;
import dev.anneal.model.GptShape;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.LogLinear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

final class ModelConfigTest {
  static final List<Architecture> NETWORKS =
      List.of(
          new TransformerShape(11, 2, 2, 16, 32),
          new TransformerShape(
              11,
              2,
              2,
              16,
              32,
              Optional.of(
                  new Conditioning(
                      8,
                      0.05,
                      Conditioning.FinalLayer.MODULATED,
                      Conditioning.Output.UNSCALED_SCORE))),
          new GptShape(11, 2, 2, 16, 32));

  @TempDir private Path folder;

  @ParameterizedTest
  @FieldSource("NETWORKS")
  void aWrittenModelIsReadAgain(Architecture network) throws IOException {
    var config =
        new ModelConfig(
            network,
            new BlockCausalContext(4),
            new Noise(new GammaHybrid(0.05), new LogLinear(1e-3)));
    config.write(folder);
    assertThat(ModelConfig.read(folder)).isEqualTo(config);
  }

  @Test
  void aNetworkWithoutANameIsATransformer() throws IOException {
    assertThat(ModelConfig.read(Path.of("models/starter")).shape())
        .isEqualTo(new TransformerShape(8192, 6, 4, 192, 128));
  }

  @Test
  void aNetworkWithoutASizeIsRefused() throws IOException {
    Path file = folder.resolve(ModelConfig.FILE);
    Files.writeString(
        file,
        Files.readString(Path.of("models/starter", ModelConfig.FILE))
            .replace("\"channels\" : 192,", ""));
    assertThatThrownBy(() -> ModelConfig.read(folder))
        .isInstanceOf(RefusedFileException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("missing 'transformer.channels'");
  }
}
