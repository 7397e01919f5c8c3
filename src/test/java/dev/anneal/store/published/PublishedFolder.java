package dev.anneal.store.published;

import dev.anneal.store.SafeTensorsWriter;
import dev.anneal.store.StoredTensor;
import dev.anneal.store.pytorch.PickleWriter;
import dev.anneal.store.pytorch.TorchZip;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Published folders put together by hand, with random weights, right or wrong. */
public final class PublishedFolder {
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final Random random = new Random(1);
  private String config = "{}";

  /** Adds a float32 tensor of random numbers. */
  public PublishedFolder with(String name, long... shape) {
    List<Long> sizes = Arrays.stream(shape).boxed().toList();
    int count = Math.toIntExact(sizes.stream().reduce(1L, Math::multiplyExact));
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return with(Stored.floats(name, sizes, values));
  }

  /** Adds a tensor, or replaces one of its name. */
  public PublishedFolder with(StoredTensor tensor) {
    tensors.put(tensor.name(), tensor);
    return this;
  }

  /** Takes a tensor away. */
  public PublishedFolder without(String name) {
    tensors.remove(name);
    return this;
  }

  /** Sets the config. */
  public PublishedFolder config(String json) {
    config = json;
    return this;
  }

  /** Changes the config. */
  public PublishedFolder changed(String from, String to) {
    if (!config.contains(from)) {
      throw new AssertionError(from + " is not in " + config);
    }
    return config(config.replace(from, to));
  }

  /** The config so far. */
  public String config() {
    return config;
  }

  /** The tensors so far. */
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  /** Writes the folder. */
  public Path writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), config);
    SafeTensorsWriter.write(
        folder.resolve("model.safetensors"), Map.of(), List.copyOf(tensors.values()));
    return folder;
  }

  /** Writes the folder with a PyTorch checkpoint, whose tensors' names begin with a prefix. */
  public Path writeTorch(Path folder, String prefix) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), config);
    var pickle = new PickleWriter().code("}(");
    var storages = new ArrayList<byte[]>();
    for (StoredTensor tensor : tensors.values()) {
      byte[] bytes = tensor.bytes().toArray(ValueLayout.JAVA_BYTE);
      long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
      long[] strides = new long[shape.length];
      for (int axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
        strides[axis] = stride;
        stride *= (int) shape[axis];
      }
      String key = String.valueOf(storages.size());
      pickle.text(prefix + tensor.name()).tensor(key, bytes.length / 4, 0, shape, strides);
      storages.add(bytes);
    }
    TorchZip.of(pickle.end(), storages.toArray(byte[][]::new))
        .writeTo(folder.resolve("pytorch_model.bin"));
    return folder;
  }

  /** A small ε-hybrid network: 5 tokens and the mask, 2 blocks, 4 channels, 8 positions. */
  public static PublishedFolder epsilon() {
    return diffusion("", 6)
        .config(
            """
            {"model_type": "epsilon_hybrid", "tokenizer": {"tokens": 5},
             "training": {"epsilon": 0.1},
             "annealing": {"width": 4, "attention": {"context_type": "block_causal"}},
             "model": {"hidden_size": 4, "cond_dim": 3, "length": 8, "n_blocks": 2, "n_heads": 2}}
            """);
  }

  /** A γ-hybrid network of the same size, with three numbers for the noise. */
  public static PublishedFolder gamma() {
    return conditioned(diffusion("", 6), "")
        .config(
            """
            {"model_type": "gamma_hybrid", "tokenizer": {"tokens": 5},
             "graph": {"type": "QGamma", "gamma": 0.05}, "annealing": {"sampling_method": "SAR"},
             "noise": {"type": "geometric", "sigma_min": 1e-4, "sigma_max": 10.0},
             "model": {"hidden_size": 4, "cond_dim": 3, "length": 8, "n_blocks": 2, "n_heads": 2,
                       "scale_by_sigma": true, "transformer_sigma_conditioning": true,
                       "hybrid_sigma_embedding": true}}
            """);
  }

  /** A SEDD network of the same size. */
  public static PublishedFolder sedd(String graph) {
    boolean masked = graph.equals("absorb");
    return modulated(conditioned(diffusion("", masked ? 6 : 5), ""), "")
        .with("rotary_emb.inv_freq", 1)
        .config(
            """
            {"tokens": 5, "graph": {"type": "%s"}, "noise": {"type": "loglinear"},
             "model": {"hidden_size": 4, "cond_dim": 3, "length": 8, "n_blocks": 2, "n_heads": 2,
                       "scale_by_sigma": %s}}
            """
                .formatted(graph, masked));
  }

  /** An MDLM network of the same size. */
  public static PublishedFolder mdlm() {
    return modulated(conditioned(diffusion("backbone.", 6), "backbone."), "backbone.")
        .with("backbone.rotary_emb.inv_freq", 1)
        .config(
            """
            {"model_type": "mdlm", "vocab_size": 6, "model_length": 8, "hidden_dim": 4,
             "cond_dim": 3, "n_blocks": 2, "n_heads": 2, "time_conditioning": false}
            """);
  }

  /** A BD3-LM network of the same size, of blocks of four. */
  public static PublishedFolder bd3lm() {
    return mdlm()
        .with("sampling_eps_min")
        .with("sampling_eps_max")
        .changed("\"mdlm\"", "\"bd3lm\", \"block_size\": 4");
  }

  /** A GPT-2 network of the same size. */
  public static PublishedFolder gpt2() {
    var folder =
        new PublishedFolder()
            .config(
                """
                {"model_type": "gpt2", "vocab_size": 5, "n_positions": 8, "n_embd": 4,
                 "n_layer": 2, "n_head": 2, "n_inner": null, "layer_norm_epsilon": 1e-05,
                 "activation_function": "gelu_new", "bos_token_id": 3}
                """);
    folder.with("transformer.wte.weight", 5, 4).with("transformer.wpe.weight", 8, 4);
    for (int block = 0; block < 2; block++) {
      String inside = "transformer.h." + block + ".";
      folder.with(inside + "ln_1.weight", 4).with(inside + "ln_1.bias", 4);
      folder.with(inside + "attn.bias", 1, 1, 8, 8);
      folder.with(inside + "attn.c_attn.weight", 4, 12).with(inside + "attn.c_attn.bias", 12);
      folder.with(inside + "attn.c_proj.weight", 4, 4).with(inside + "attn.c_proj.bias", 4);
      folder.with(inside + "ln_2.weight", 4).with(inside + "ln_2.bias", 4);
      folder.with(inside + "mlp.c_fc.weight", 4, 16).with(inside + "mlp.c_fc.bias", 16);
      folder.with(inside + "mlp.c_proj.weight", 16, 4).with(inside + "mlp.c_proj.bias", 4);
    }
    return folder.with("transformer.ln_f.weight", 4).with("transformer.ln_f.bias", 4);
  }

  private static PublishedFolder diffusion(String prefix, int vocabulary) {
    var folder = new PublishedFolder().with(prefix + "vocab_embed.embedding", vocabulary, 4);
    for (int block = 0; block < 2; block++) {
      String inside = prefix + "blocks." + block + ".";
      folder.with(inside + "norm1.weight", 4).with(inside + "attn_qkv.weight", 12, 4);
      folder.with(inside + "attn_out.weight", 4, 4).with(inside + "norm2.weight", 4);
      folder.with(inside + "mlp.0.weight", 16, 4).with(inside + "mlp.0.bias", 16);
      folder.with(inside + "mlp.2.weight", 4, 16).with(inside + "mlp.2.bias", 4);
    }
    return folder
        .with(prefix + "output_layer.norm_final.weight", 4)
        .with(prefix + "output_layer.linear.weight", vocabulary, 4)
        .with(prefix + "output_layer.linear.bias", vocabulary);
  }

  private static PublishedFolder conditioned(PublishedFolder folder, String prefix) {
    for (int block = 0; block < 2; block++) {
      String modulation = prefix + "blocks." + block + ".adaLN_modulation.";
      folder.with(modulation + "weight", 24, 3).with(modulation + "bias", 24);
    }
    return folder
        .with(prefix + "sigma_map.mlp.0.weight", 3, 256)
        .with(prefix + "sigma_map.mlp.0.bias", 3)
        .with(prefix + "sigma_map.mlp.2.weight", 3, 3)
        .with(prefix + "sigma_map.mlp.2.bias", 3);
  }

  private static PublishedFolder modulated(PublishedFolder folder, String prefix) {
    return folder
        .with(prefix + "output_layer.adaLN_modulation.weight", 8, 3)
        .with(prefix + "output_layer.adaLN_modulation.bias", 8);
  }
}
