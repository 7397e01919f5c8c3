package dev.anneal.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.TensorFile;
import dev.anneal.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small network of a published implementation, and what that computes. */
record PublishedNetwork(Parameters parameters, Network network, Map<String, Tensor> expected)
    implements AutoCloseable {
  private static final Path FIXTURES = Path.of("../shared/fixtures");
  private static final int TOKENS = 61;

  /** Our name for a part of a published one, longer parts first. */
  private static final List<String> RENAMED =
      List.of(
          // HDLM
          "vocab_embed.embedding=embedding",
          "sigma_map.mlp.0=noise.up",
          "sigma_map.mlp.2=noise.down",
          "adaLN_modulation=modulation",
          "norm1.weight=attention.norm",
          "attn_qkv.weight=attention.query_key_value",
          "attn_out.weight=attention.output",
          "norm2.weight=feed_forward.norm",
          "output_layer.norm_final.weight=output.norm",
          "output_layer.linear=output",
          // GPT-2
          "transformer.wte.weight=embedding",
          "transformer.wpe.weight=positions",
          "transformer.ln_f=output.norm",
          "transformer.h=blocks",
          "ln_1=attention.norm",
          "attn.c_attn=attention.query_key_value",
          "attn.c_proj=attention.output",
          "ln_2=feed_forward.norm",
          "mlp.c_fc=feed_forward.up",
          "mlp.c_proj=feed_forward.down",
          // HDLM
          "mlp.0=feed_forward.up",
          "mlp.2=feed_forward.down");

  static PublishedNetwork load(String name) throws IOException {
    Path folder = FIXTURES.resolve(name);
    assumeTrue(Files.exists(folder), folder + " is missing: skipped");
    Architecture architecture = architecture(name);
    var weights = new HashMap<String, Tensor>();
    TensorFile.read(folder.resolve("model.safetensors"))
        .forEach((published, tensor) -> weights.put(ourName(published), ours(published, tensor)));
    Parameters parameters = Parameters.of(architecture, weights);
    return new PublishedNetwork(
        parameters,
        architecture.network(parameters),
        TensorFile.read(folder.resolve("expected.safetensors")));
  }

  /** What the folder's config says. */
  private static Architecture architecture(String folder) {
    return switch (folder) {
      case "epsilon" -> new TransformerShape(TOKENS, 2, 4, 64, 64);
      case "gamma" -> {
        var noise =
            new Conditioning(32, 0.05, Conditioning.FinalLayer.PLAIN, Conditioning.Output.SCORE);
        yield new TransformerShape(TOKENS, 2, 4, 64, 64, Optional.of(noise));
      }
      case "gpt2" -> new GptShape(TOKENS, 2, 4, 64, 64);
      default -> throw new AssertionError(folder);
    };
  }

  private static String ourName(String published) {
    String name = published;
    for (String renamed : RENAMED) {
      String[] both = renamed.split("=", 2);
      name = name.replace(both[0], both[1]);
    }
    return name;
  }

  /** GPT-2's linear layers are [input, output], and it has no mask. */
  private static Tensor ours(String published, Tensor tensor) {
    if (published.matches("transformer.*\\.c_.*\\.weight")) {
      return tensor.transpose(0, 1).contiguous();
    }
    if (published.equals("transformer.wte.weight")) {
      Tensor mask = Tensors.zeros(DType.FLOAT32, Device.CPU, 1, tensor.size(1));
      return Tensors.concatenate(List.of(tensor, mask), 0);
    }
    return tensor;
  }

  @Override
  public void close() {
    network.close();
    parameters.close();
  }
}
