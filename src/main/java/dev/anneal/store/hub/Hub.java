package dev.anneal.store.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fetches published folders from a hub into a cache.
 *
 * <p>The hub lists a folder's files with their sizes and digests; what the cache has already is not
 * fetched again, and what comes is checked before it gets its name. A download that broke off goes
 * on where it was, also in another process.
 */
public final class Hub {

  /** Says that all of a folder is there. */
  private static final String COMPLETE = ".complete";

  /** A listing of files is small. */
  private static final int MAX_LISTING_BYTES = 8 << 20;

  private static final List<String> NAMES =
      List.of(
          "config.json",
          "tokenizer.json",
          "model.safetensors.index.json",
          "pytorch_model.bin.index.json");

  private static final String SAFE = ".safetensors";
  private static final List<String> TORCH = List.of(".bin", ".pt", ".pth", ".ckpt");

  private final HubSettings settings;
  private final DownloadListener listener;

  /**
   * A hub.
   *
   * @param listener told of every download
   */
  public Hub(HubSettings settings, DownloadListener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Fetches a model: its config, its tokenizer and its weights, as safetensors where there are any.
   *
   * @return the folder in the cache; do not change what is in it
   * @throws IOException if the hub cannot be reached or refuses, a file is not what the listing
   *     says, or only the cache may be used and it lacks the model
   */
  public Path fetch(HubModel model) throws IOException {
    Path folder =
        settings
            .cache()
            .resolve(model.organisation())
            .resolve(model.name())
            .resolve(model.revision());
    if (settings.access() == HubSettings.Access.CACHE_ONLY) {
      if (!Files.exists(folder.resolve(COMPLETE))) {
        throw new NoSuchFileException(
            model.toString(), null, "not in the cache, and HF_HUB_OFFLINE forbids to fetch it");
      }
      return folder;
    }
    Files.createDirectories(folder);
    try (var connection = new HubConnection(settings)) {
      fetch(model, connection, folder);
    }
    return folder;
  }

  private void fetch(HubModel model, HubConnection connection, Path folder) throws IOException {
    List<HubFile> wanted = wanted(list(model, connection));
    Files.deleteIfExists(folder.resolve(COMPLETE));
    removeOthers(folder, wanted);
    for (HubFile file : wanted) {
      if (!file.isAt(folder.resolve(file.name()))) {
        new Download(model, file, folder, listener).run(connection);
      }
    }
    Files.createFile(folder.resolve(COMPLETE));
  }

  private static List<HubFile> list(HubModel model, HubConnection connection) throws IOException {
    String path =
        "/api/models/%s/%s/tree/%s".formatted(model.organisation(), model.name(), model.revision());
    try (InputStream body = connection.get(model, path, 0).body()) {
      JsonNode listing = JsonMapper.shared().readTree(body.readNBytes(MAX_LISTING_BYTES));
      var files = new ArrayList<HubFile>();
      for (JsonNode entry : listing) {
        if (entry.path("type").asString("").equals("file")) {
          files.add(HubFile.of(entry));
        }
      }
      return files;
    } catch (JacksonException notJson) {
      throw new IOException(model + ": the hub's listing is not JSON", notJson);
    }
  }

  /** Names that are paths are none of those a model needs. */
  private static List<HubFile> wanted(List<HubFile> listed) {
    List<HubFile> plain = listed.stream().filter(HubFile::isPlain).toList();
    boolean safe = plain.stream().anyMatch(file -> file.name().endsWith(SAFE));
    return plain.stream()
        .filter(file -> NAMES.contains(file.name()) || isWeights(file.name(), safe))
        .toList();
  }

  private static boolean isWeights(String name, boolean safe) {
    return safe ? name.endsWith(SAFE) : TORCH.stream().anyMatch(name::endsWith);
  }

  /** What an older state of a branch left: its weights must not be taken for the new one's. */
  private static void removeOthers(Path folder, List<HubFile> wanted) throws IOException {
    Set<String> kept =
        wanted.stream()
            .flatMap(file -> Stream.of(file.name(), Download.partName(file)))
            .collect(Collectors.toSet());
    try (Stream<Path> present = Files.list(folder)) {
      for (Path file : present.toList()) {
        if (Files.isRegularFile(file) && !kept.contains(String.valueOf(file.getFileName()))) {
          Files.delete(file);
        }
      }
    }
  }
}
