package dev.anneal.store.published;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.attention.Shifted;
import dev.anneal.model.Architecture;
import dev.anneal.model.Conditioning;
import dev.anneal.model.Conditioning.FinalLayer;
import dev.anneal.model.Conditioning.Output;
import dev.anneal.model.GptShape;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.noise.Uniform;
import dev.anneal.schedule.Geometric;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.NoiseSchedule;
import dev.anneal.store.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every family's config says what it should, and every tensor finds its place. */
final class PublishedModelTest {
  private static final NoiseSchedule SEDD_SCHEDULE = new LogLinear(1e-3);

  @TempDir private Path folder;

  private static TransformerShape transformer(Optional<Conditioning> conditioning) {
    return new TransformerShape(5, 2, 2, 4, 8, conditioning);
  }

  private static TransformerShape told(double gamma, FinalLayer last, Output output) {
    return transformer(Optional.of(new Conditioning(3, gamma, last, output)));
  }

  private void assertRead(
      PublishedFolder published,
      Architecture shape,
      SettledContext context,
      NoiseProcess process,
      NoiseSchedule schedule)
      throws IOException {
    try (PublishedModel model = PublishedModel.open(published.writeTo(folder))) {
      assertThat(model.config())
          .isEqualTo(new ModelConfig(shape, context, new Noise(process, schedule)));
      assertThat(model.weights().tensors().sequencedKeySet())
          .containsExactlyElementsOf(shape.parameters().sequencedKeySet());
    }
  }

  @Test
  void anEpsilonHybridIsATransformerThatIsNotToldTheNoise() throws IOException {
    assertRead(
        PublishedFolder.epsilon(),
        transformer(Optional.empty()),
        new BlockCausalContext(4),
        new EpsilonHybrid(0.1),
        new Linear());
  }

  @Test
  void aGammaHybridIsToldTheNoise() throws IOException {
    assertRead(
        PublishedFolder.gamma(),
        told(0.05, FinalLayer.PLAIN, Output.SCORE),
        new FullContext(),
        new GammaHybrid(0.05),
        new Geometric(1e-4, 10));
  }

  @Test
  void seddHasAModulatedHead() throws IOException {
    assertRead(
        PublishedFolder.sedd("absorb"),
        told(0, FinalLayer.MODULATED, Output.SCORE),
        new FullContext(),
        new Absorb(),
        SEDD_SCHEDULE);
  }

  @Test
  void seddWithoutMasksGetsARowForThem() throws IOException {
    assertRead(
        PublishedFolder.sedd("uniform"),
        told(0, FinalLayer.MODULATED, Output.UNSCALED_SCORE),
        new FullContext(),
        new Uniform(),
        SEDD_SCHEDULE);
  }

  @Test
  void mdlmGuesses() throws IOException {
    assertRead(
        PublishedFolder.mdlm(),
        told(0, FinalLayer.MODULATED, Output.GUESS),
        new FullContext(),
        new Absorb(),
        SEDD_SCHEDULE);
  }

  @Test
  void bd3lmSeesBlocks() throws IOException {
    assertRead(
        PublishedFolder.bd3lm(),
        told(0, FinalLayer.MODULATED, Output.GUESS),
        new BlockCausalContext(4),
        new Absorb(),
        SEDD_SCHEDULE);
  }

  @Test
  void gpt2LooksBackAndGuessesTheNextToken() throws IOException {
    var noise = new Noise(new Absorb(), new Linear());
    var expected =
        new ModelConfig(new GptShape(5, 2, 2, 4, 8), new Shifted(3), new CausalContext(), noise);
    try (PublishedModel model = PublishedModel.open(PublishedFolder.gpt2().writeTo(folder))) {
      assertThat(model.config()).isEqualTo(expected);
      assertThat(model.weights().tensors().sequencedKeySet())
          .containsExactlyElementsOf(expected.shape().parameters().sequencedKeySet());
    }
  }

  @Test
  void anHdlmNetworkMayGuessTheNextToken() throws IOException {
    PublishedFolder shifted =
        PublishedFolder.epsilon().changed("\"annealing\"", "\"type\": \"shifted\", \"annealing\"");
    try (PublishedModel model = PublishedModel.open(shifted.writeTo(folder))) {
      assertThat(model.config().alignment()).isEqualTo(new Shifted(4));
    }
  }

  private static float[] floats(PublishedModel model, String name) {
    return Stored.floats(Objects.requireNonNull(model.weights().tensors().get(name)));
  }

  private static float[] floats(PublishedFolder published, String name) {
    return Stored.floats(Objects.requireNonNull(published.tensors().get(name)));
  }

  @Test
  void everyTensorOfTheDiffusionFamiliesKeepsItsNumbers() throws IOException {
    PublishedFolder published = PublishedFolder.mdlm();
    Map<String, String> places =
        Map.ofEntries(
            Map.entry("embedding", "vocab_embed.embedding"),
            Map.entry("noise.up.weight", "sigma_map.mlp.0.weight"),
            Map.entry("noise.down.bias", "sigma_map.mlp.2.bias"),
            Map.entry("blocks.0.attention.norm", "blocks.0.norm1.weight"),
            Map.entry("blocks.1.attention.query_key_value", "blocks.1.attn_qkv.weight"),
            Map.entry("blocks.0.attention.output", "blocks.0.attn_out.weight"),
            Map.entry("blocks.1.feed_forward.norm", "blocks.1.norm2.weight"),
            Map.entry("blocks.0.feed_forward.up.weight", "blocks.0.mlp.0.weight"),
            Map.entry("blocks.1.feed_forward.up.bias", "blocks.1.mlp.0.bias"),
            Map.entry("blocks.0.feed_forward.down.weight", "blocks.0.mlp.2.weight"),
            Map.entry("blocks.1.feed_forward.down.bias", "blocks.1.mlp.2.bias"),
            Map.entry("blocks.0.modulation.weight", "blocks.0.adaLN_modulation.weight"),
            Map.entry("output.norm", "output_layer.norm_final.weight"),
            Map.entry("output.weight", "output_layer.linear.weight"),
            Map.entry("output.bias", "output_layer.linear.bias"),
            Map.entry("output.modulation.bias", "output_layer.adaLN_modulation.bias"));
    try (PublishedModel model = PublishedModel.open(published.writeTo(folder))) {
      places.forEach(
          (ours, theirs) ->
              assertThat(floats(model, ours))
                  .as(ours)
                  .containsExactly(floats(published, "backbone." + theirs)));
    }
  }

  @Test
  void gpt2sLinearLayersAreTransposedAndItsVocabularyGetsAMask() throws IOException {
    PublishedFolder published = PublishedFolder.gpt2();
    try (PublishedModel model = PublishedModel.open(published.writeTo(folder))) {
      float[] theirs = floats(published, "transformer.h.1.mlp.c_fc.weight"); // [4, 16]
      float[] ours = floats(model, "blocks.1.feed_forward.up.weight"); // [16, 4]
      for (int input = 0; input < 4; input++) {
        for (int output = 0; output < 16; output++) {
          assertThat(ours[output * 4 + input]).isEqualTo(theirs[input * 16 + output]);
        }
      }
      float[] embedding = floats(model, "embedding");
      assertThat(embedding).hasSize(24).endsWith(0, 0, 0, 0);
      assertThat(embedding).startsWith(floats(published, "transformer.wte.weight"));
      assertThat(floats(model, "blocks.0.attention.norm.bias"))
          .containsExactly(floats(published, "transformer.h.0.ln_1.bias"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "model.", "state_dict.", "state_dict.module."})
  void aTrainersCheckpointHoldsTheSameModel(String prefix) throws IOException {
    PublishedFolder published = PublishedFolder.epsilon();
    Path torch = published.writeTorch(folder.resolve("torch"), prefix);
    try (PublishedModel model = PublishedModel.open(torch)) {
      assertThat(floats(model, "output.bias"))
          .containsExactly(floats(published, "output_layer.linear.bias"));
    }
  }

  @Test
  void whatATrainerKeepsBesideTheModelIsLeftOut() throws IOException {
    PublishedFolder published = PublishedFolder.epsilon().with("optimizer.state.0.exp_avg", 3);
    PublishedFolder trained = new PublishedFolder().config(published.config());
    published
        .tensors()
        .forEach(
            (name, tensor) -> {
              String within = name.startsWith("optimizer") ? name : "model." + name;
              trained.with(Stored.floats(within, tensor.shape(), Stored.floats(tensor)));
            });
    PublishedModel.open(trained.writeTo(folder.resolve("trained"))).close();
  }
}
