package dev.anneal.store.published;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.store.ElementType;
import dev.anneal.store.RefusedFileException;
import dev.anneal.store.StoredTensor;
import dev.anneal.store.TensorDeclaration;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not fit is refused in one line that says all of it. */
final class UnfitModelTest {
  @TempDir private Path folder;

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
    assertRefused(
        PublishedFolder.epsilon().changed("\"n_blocks\": 2", "\"n_blocks\": 3"),
        "8 missing: [blocks.2.attn_out");
    assertRefused(
        PublishedFolder.epsilon().changed("\"n_blocks\": 2", "\"n_blocks\": 2000000000"),
        "holds 20 tensors, too few for the 2000000000 blocks");
    assertRefused(
        PublishedFolder.epsilon().changed("\"n_blocks\": 2", "\"n_blocks\": 1"),
        "8 unknown: [blocks.1.attn_out");
    assertRefused(
        PublishedFolder.epsilon().changed("\"hidden_size\": 4", "\"hidden_size\": 8"),
        "of another shape");
    assertRefused(
        PublishedFolder.epsilon().changed("\"tokens\": 5", "\"tokens\": 6"),
        "[vocab_embed.embedding] [6, 4]");
    assertRefused(
        PublishedFolder.mdlm().changed("\"n_heads\": 2", "\"n_heads\": 1"),
        "[backbone.rotary_emb.inv_freq] [1], expected [2]");
    assertRefused(PublishedFolder.gamma().config(PublishedFolder.epsilon().config()), "unknown");
  }

  @Test
  void aConfigThatAsksForAnotherNetworkIsRefused() throws IOException {
    assertRefused(
        PublishedFolder.epsilon().changed("epsilon_hybrid", "llama"),
        "none of the families known: HDLM ε-hybrid,");
    assertRefused(
        PublishedFolder.epsilon().changed("\"n_heads\": 2", "\"n_heads\": 3"),
        "config.json",
        "multiple of twice");
    assertRefused(
        PublishedFolder.epsilon().changed("\"n_heads\": 2", "\"n_heads\": \"2\""),
        "model.n_heads is [\"2\"]");
    assertRefused(
        PublishedFolder.epsilon().changed("\"epsilon\": 0.1", "\"epsilon\": 2"),
        "config.json",
        "epsilon is 2");
    assertRefused(
        PublishedFolder.epsilon().changed("\"epsilon\": 0.1", "\"e\": 2"),
        "training.epsilon is missing");
    assertRefused(
        PublishedFolder.epsilon().changed("block_causal", "sideways"),
        "context_type is [\"sideways\"]");
    assertRefused(
        PublishedFolder.epsilon().changed("\"width\": 4", "\"sampling_method\": \"AR\""),
        "sampling_method");
    assertRefused(PublishedFolder.epsilon().changed("{", "["), "not JSON");
    assertRefused(PublishedFolder.mdlm().changed("false", "true"), "time_conditioning is [true]");
    assertRefused(PublishedFolder.gpt2().changed("gelu_new", "relu"), "activation_function");
    assertRefused(PublishedFolder.gpt2().changed("_id\": 3", "_id\": 5"), "bos_token_id");
    assertRefused(
        PublishedFolder.gpt2().config("{\"graph\": {\"type\": \"QGamma\"}}"),
        "none of the families");
  }

  @Test
  void aHeadOfItsOwnIsRefusedWhereTheEmbeddingIsTheHead() throws IOException {
    PublishedFolder gpt = PublishedFolder.gpt2();
    StoredTensor wte = Objects.requireNonNull(gpt.tensors().get("transformer.wte.weight"));
    float[] embedding = Stored.floats(wte);
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
