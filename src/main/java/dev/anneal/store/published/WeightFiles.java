package dev.anneal.store.published;

import dev.anneal.store.RefusedFileException;
import dev.anneal.store.SafeTensors;
import dev.anneal.store.StoredTensors;
import dev.anneal.store.pytorch.PyTorchFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the weights in a published folder: one file or several, safetensors or PyTorch's own. */
final class WeightFiles {

  /** What a published folder calls its weights, the safest first. */
  private static final List<String> NAMES =
      List.of(
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json");

  private static final String SAFE = ".safetensors";
  private static final List<String> TORCH = List.of(".bin", ".pt", ".pth", ".ckpt");

  private WeightFiles() {}

  /**
   * Opens the weights of a folder: under the usual names, else the only file that could be them.
   *
   * @throws NoSuchFileException if there are none
   * @throws RefusedFileException if they cannot be used, or there are several to choose from
   */
  static StoredTensors open(Path folder) throws IOException {
    for (String name : NAMES) {
      if (Files.exists(folder.resolve(name))) {
        return openFile(folder.resolve(name));
      }
    }
    List<Path> candidates = candidates(folder);
    if (candidates.size() > 1) {
      throw new RefusedFileException(
          folder, "has several files of weights, expected one: " + names(candidates));
    }
    if (candidates.isEmpty()) {
      throw new NoSuchFileException(
          folder.toString(), null, "no weights here: expected one of " + String.join(", ", NAMES));
    }
    return openFile(candidates.getFirst());
  }

  private static StoredTensors openFile(Path file) throws IOException {
    String name = name(file);
    if (name.endsWith(".index.json")) {
      return ShardedTensors.open(file);
    }
    return name.endsWith(SAFE) ? SafeTensors.open(file) : PyTorchFile.open(file);
  }

  /**
   * Opens one shard of several.
   *
   * @param index the file that names it
   */
  static StoredTensors openShard(Path index, String name) throws IOException {
    boolean plain = Path.of(name).getNameCount() == 1 && name(Path.of(name)).equals(name);
    if (!plain || !isWeights(name)) {
      throw new RefusedFileException(
          index, "names the file [" + name + "], expected weights beside it");
    }
    return openFile(index.resolveSibling(name));
  }

  private static boolean isWeights(String name) {
    return name.endsWith(SAFE) || TORCH.stream().anyMatch(name::endsWith);
  }

  private static List<Path> candidates(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> isWeights(name(file))).sorted().toList();
    }
  }

  private static String names(List<Path> files) {
    return files.stream().map(WeightFiles::name).collect(Collectors.joining(", "));
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
