package dev.anneal.store.published;

import dev.anneal.store.Quoted;
import dev.anneal.store.RefusedFileException;
import dev.anneal.store.StoredTensor;
import dev.anneal.store.StoredTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Weights in several files, with an index that says where each tensor is: {@code {"weight_map":
 * {NAME: FILE, …}}}.
 */
final class ShardedTensors implements StoredTensors {
  private final Path index;
  private final List<StoredTensors> shards = new ArrayList<>();
  private final SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();

  private ShardedTensors(Path index) {
    this.index = index;
  }

  /**
   * Opens all files of an index.
   *
   * @throws RefusedFileException if a file holds other tensors than the index says
   * @throws IOException if one cannot be read
   */
  static ShardedTensors open(Path index) throws IOException {
    var sharded = new ShardedTensors(index);
    try {
      sharded.readShards(read(index));
      return sharded;
    } catch (IOException | RuntimeException failure) {
      sharded.close();
      throw failure;
    }
  }

  private static Map<String, String> read(Path index) throws IOException {
    try {
      JsonNode map = JsonMapper.shared().readTree(Files.readAllBytes(index)).path("weight_map");
      var files = new LinkedHashMap<String, String>();
      map.propertyStream().forEach(each -> files.put(each.getKey(), each.getValue().asString("")));
      if (files.isEmpty()) {
        throw new RefusedFileException(index, "has no weight_map of names to files");
      }
      return files;
    } catch (JacksonException notJson) {
      throw new RefusedFileException(index, "not JSON");
    }
  }

  private void readShards(Map<String, String> files) throws IOException {
    for (String name : new TreeSet<>(files.values())) {
      StoredTensors shard = WeightFiles.openShard(index, name);
      shards.add(shard);
      for (var tensor : shard.tensors().entrySet()) {
        if (!name.equals(files.get(tensor.getKey()))) {
          throw new RefusedFileException(
              shard.file(),
              "holds %s, which %s does not expect there"
                  .formatted(Quoted.of(tensor.getKey()), index.getFileName()));
        }
        tensors.put(tensor.getKey(), tensor.getValue());
      }
    }
    for (var file : files.entrySet()) {
      if (!tensors.containsKey(file.getKey())) {
        throw new RefusedFileException(
            index.resolveSibling(file.getValue()),
            "lacks %s, which %s expects there"
                .formatted(Quoted.of(file.getKey()), index.getFileName()));
      }
    }
  }

  @Override
  public Path file() {
    return index;
  }

  @Override
  public SequencedMap<String, StoredTensor> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void close() {
    shards.forEach(StoredTensors::close);
  }
}
