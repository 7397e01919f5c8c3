package dev.anneal.store.published;

import dev.anneal.store.SafeTensorsWriter;
import dev.anneal.store.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** A small ε-hybrid network: 5 tokens and the mask, 2 blocks, 4 channels, 8 positions. */
  public static PublishedFolder epsilon() {
    var folder =
        new PublishedFolder()
            .config(
                """
                {"model_type": "epsilon_hybrid", "tokenizer": {"tokens": 5},
                 "training": {"epsilon": 0.1}, "annealing": {"width": 4},
                 "model": {"hidden_size": 4, "cond_dim": 3, "length": 8, "n_blocks": 2,
                           "n_heads": 2}}
                """);
    folder.with("vocab_embed.embedding", 6, 4);
    for (int block = 0; block < 2; block++) {
      folder.with("blocks." + block + ".norm1.weight", 4);
      folder.with("blocks." + block + ".attn_qkv.weight", 12, 4);
      folder.with("blocks." + block + ".attn_out.weight", 4, 4);
      folder.with("blocks." + block + ".norm2.weight", 4);
      folder.with("blocks." + block + ".mlp.0.weight", 16, 4);
      folder.with("blocks." + block + ".mlp.0.bias", 16);
      folder.with("blocks." + block + ".mlp.2.weight", 4, 16);
      folder.with("blocks." + block + ".mlp.2.bias", 4);
    }
    folder.with("output_layer.norm_final.weight", 4);
    folder.with("output_layer.linear.weight", 6, 4);
    return folder.with("output_layer.linear.bias", 6);
  }
}
