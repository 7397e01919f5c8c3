package dev.anneal.store.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.anneal.store.ElementType;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.RefusedFileException;
import dev.anneal.store.SafeTensorsWriter;
import dev.anneal.store.StoredTensor;
import dev.anneal.store.TensorDeclaration;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
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
    Path shifted =
        changed("{\"model_type\"", "{\"type\": \"shifted\", \"model_type\"").writeTo(folder);
    try (PublishedModel model = PublishedModel.open(shifted)) {
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
    assertRefused(published, "1 unknown: [optimizer.state.0.exp_avg]");
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

  @Test
  void weightsMayLieInSeveralFiles() throws IOException {
    PublishedFolder published = PublishedFolder.epsilon();
    List<StoredTensor> all = List.copyOf(published.tensors().values());
    var map = new StringBuilder();
    for (int shard = 0; shard < 2; shard++) {
      String file = "model-" + shard + ".safetensors";
      var part = all.subList(shard * 8, shard == 0 ? 8 : all.size());
      SafeTensorsWriter.write(folder.resolve(file), Map.of(), part);
      part.forEach(tensor -> map.append(",\"%s\":\"%s\"".formatted(tensor.name(), file)));
    }
    Files.writeString(folder.resolve("config.json"), published.config());
    Path index = folder.resolve("model.safetensors.index.json");
    String listed = map.substring(1);
    Files.writeString(index, "{\"weight_map\": {" + listed + "}}");
    try (PublishedModel model = PublishedModel.open(folder)) {
      assertThat(floats(model, "output.bias"))
          .containsExactly(floats(published, "output_layer.linear.bias"));
    }
    Map<String, String> faults =
        Map.of(
            "[]",
            "has no weight_map",
            "{",
            "not JSON",
            "{\"weight_map\": {\"a\": \"../model-0.safetensors\"}}",
            "[../model-0.safetensors]",
            "{\"weight_map\": {\"a\": \"config.json\"}}",
            "expected weights beside it",
            "{\"weight_map\": {\"a\": \"model-0.safetensors\"}}",
            "does not expect there",
            "{\"weight_map\": {\"a\": \"model-0.safetensors\"," + listed + "}}",
            "lacks [a]");
    for (var fault : faults.entrySet()) {
      Files.writeString(index, fault.getKey());
      assertRefused(folder, fault.getValue());
    }
  }

  @Test
  void allThatDoesNotFitIsListed() throws IOException {
    PublishedFolder published =
        PublishedFolder.epsilon()
            .without("blocks.0.norm1.weight")
            .without("blocks.1.mlp.2.bias")
            .with("lm_head.weight", 6, 4)
            .with("output_layer.linear.bias", 7);
    assertRefused(
        published,
        "does not fit the model: 2 missing: [blocks.0.norm1.weight], [blocks.1.mlp.2.bias];"
            + " 1 unknown: [lm_head.weight];"
            + " 1 of another shape: [output_layer.linear.bias] [7], expected [6]");
  }

  @Test
  void aConfigThatDisagreesWithTheTensorsIsRefused() throws IOException {
    assertRefused(changed("\"n_blocks\": 2", "\"n_blocks\": 3"), "8 missing: [blocks.2.attn_out");
    assertRefused(changed("\"n_blocks\": 2", "\"n_blocks\": 1"), "8 unknown: [blocks.1.attn_out");
    assertRefused(changed("\"hidden_size\": 4", "\"hidden_size\": 8"), "of another shape");
    assertRefused(changed("\"tokens\": 5", "\"tokens\": 6"), "[vocab_embed.embedding] [6, 4]");
    PublishedFolder mdlm = PublishedFolder.mdlm();
    String heads = mdlm.config().replace("\"n_heads\": 2", "\"n_heads\": 1");
    assertRefused(mdlm.config(heads), "[backbone.rotary_emb.inv_freq] [1], expected [2]");
    assertRefused(PublishedFolder.gamma().config(PublishedFolder.epsilon().config()), "unknown");
  }

  @Test
  void aConfigThatAsksForAnotherNetworkIsRefused() throws IOException {
    assertRefused(changed("epsilon_hybrid", "llama"), "none of the families known: HDLM ε-hybrid,");
    assertRefused(changed("\"n_heads\": 2", "\"n_heads\": 3"), "config.json", "multiple of twice");
    assertRefused(changed("\"n_heads\": 2", "\"n_heads\": \"2\""), "model.n_heads is [\"2\"]");
    assertRefused(changed("\"epsilon\": 0.1", "\"epsilon\": 2"), "config.json", "epsilon is 2");
    assertRefused(changed("\"epsilon\": 0.1", "\"e\": 2"), "training.epsilon is missing");
    assertRefused(changed("block_causal", "sideways"), "context_type is [\"sideways\"]");
    assertRefused(changed("\"width\": 4", "\"sampling_method\": \"AR\""), "sampling_method");
    assertRefused(changed("{", "["), "not JSON");
    PublishedFolder mdlm = PublishedFolder.mdlm();
    assertRefused(
        mdlm.config(mdlm.config().replace("false", "true")), "time_conditioning is [true]");
    PublishedFolder gpt = PublishedFolder.gpt2();
    assertRefused(gpt.config(gpt.config().replace("gelu_new", "relu")), "activation_function");
    assertRefused(
        gpt.config(PublishedFolder.gpt2().config().replace("_id\": 3", "_id\": 5")),
        "bos_token_id");
    assertRefused(gpt.config("{\"graph\": {\"type\": \"QGamma\"}}"), "none of the families");
  }

  private static PublishedFolder changed(String from, String to) {
    PublishedFolder published = PublishedFolder.epsilon();
    assertThat(published.config()).contains(from);
    return published.config(published.config().replace(from, to));
  }

  @Test
  void aHeadOfItsOwnIsRefusedWhereTheEmbeddingIsTheHead() throws IOException {
    PublishedFolder gpt = PublishedFolder.gpt2();
    float[] embedding = floats(gpt, "transformer.wte.weight");
    gpt.with(Stored.floats("lm_head.weight", List.of(5L, 4L), embedding));
    PublishedModel.open(gpt.writeTo(folder)).close();
    assertRefused(gpt.with("lm_head.weight", 5, 4), "[lm_head.weight] differs from");
  }

  @Test
  void weightsThatCannotBeUsedAreRefused() throws IOException {
    var whole = new TensorDeclaration("output_layer.linear.bias", ElementType.I64, List.of(6L));
    StoredTensor wholes = new StoredTensor(whole, MemorySegment.ofArray(new byte[48]));
    assertRefused(PublishedFolder.epsilon().with(wholes), "[output_layer.linear.bias] is I64");
    assertRefused(
        PublishedFolder.epsilon().with("ema.vocab_embed.embedding", 6, 4),
        "holds several networks, expected one: [], [ema.]");
  }

  @Test
  void aFolderWithoutWeightsOrWithSeveralIsRefused() throws IOException {
    Files.writeString(folder.resolve("config.json"), PublishedFolder.epsilon().config());
    assertThatThrownBy(() -> PublishedModel.open(folder)).hasMessageContaining("no weights here");
    Consumer<String> write =
        name -> {
          try {
            Files.write(folder.resolve(name), new byte[9]);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        };
    write.accept("last.ckpt");
    assertRefused(folder, "last.ckpt: not a zip");
    write.accept("best.ckpt");
    assertRefused(folder, "expected one: best.ckpt, last.ckpt");
  }

  private void assertRefused(PublishedFolder published, String... words) throws IOException {
    assertRefused(published.writeTo(folder), words);
  }

  private static void assertRefused(Path folder, String... words) {
    assertThatThrownBy(() -> PublishedModel.open(folder).close())
        .isInstanceOf(RefusedFileException.class)
        .message()
        .contains(words)
        .doesNotContain("\n");
  }
}
