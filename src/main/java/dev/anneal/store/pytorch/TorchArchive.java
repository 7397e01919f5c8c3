package dev.anneal.store.pytorch;

import dev.anneal.store.Quoted;
import dev.anneal.store.RefusedFileException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a PyTorch checkpoint: a zip whose entries are stored as they are, {@code
 * NAME/data.pkl} and {@code NAME/data/KEY}. Nothing is unpacked, so no entry can be larger than it
 * looks, and no name is ever a path.
 *
 * @param pickle what the checkpoint says
 * @param storages the numbers of its tensors by key
 */
record TorchArchive(ByteBuffer pickle, Map<String, MemorySegment> storages) {

  private static final String PICKLE = "data.pkl";
  private static final String STORAGE = "data/";
  private static final String BYTE_ORDER = "byteorder";

  /** Enough for a hundred thousand tensors. */
  private static final long MAX_PICKLE_BYTES = 16 << 20;

  /**
   * Finds the parts of a checkpoint.
   *
   * @param mapped all of the file
   * @throws RefusedFileException if it is not what torch.save writes
   */
  static TorchArchive of(Path file, MemorySegment mapped) throws IOException {
    Map<String, MemorySegment> entries = entries(file, mapped);
    String folder = folder(file, entries);
    MemorySegment pickle = entries.getOrDefault(folder + PICKLE, MemorySegment.NULL);
    if (pickle.byteSize() > MAX_PICKLE_BYTES) {
      throw new RefusedFileException(
          file,
          "its pickle has %d bytes, expected at most %d"
              .formatted(pickle.byteSize(), MAX_PICKLE_BYTES));
    }
    requireLittleEndian(file, entries.get(folder + BYTE_ORDER));
    var storages = new HashMap<String, MemorySegment>();
    String prefix = folder + STORAGE;
    entries.forEach(
        (name, bytes) -> {
          if (name.startsWith(prefix)) {
            storages.put(name.substring(prefix.length()), bytes);
          }
        });
    return new TorchArchive(pickle.asByteBuffer(), Collections.unmodifiableMap(storages));
  }

  private static Map<String, MemorySegment> entries(Path file, MemorySegment mapped)
      throws IOException {
    var entries = new HashMap<String, MemorySegment>();
    try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        if (entries.put(entry.getName(), content(file, entry, mapped)) != null) {
          throw refused(file, entry, "exists twice");
        }
      }
      return entries;
    } catch (RefusedFileException refused) {
      throw refused;
    } catch (IOException notZip) {
      throw new RefusedFileException(
          file,
          "not a zip as torch.save writes it: " + Quoted.line(String.valueOf(notZip.getMessage())),
          notZip);
    }
  }

  private static MemorySegment content(Path file, ZipArchiveEntry entry, MemorySegment mapped)
      throws RefusedFileException {
    if (entry.getMethod() != ZipArchiveEntry.STORED
        || entry.getSize() != entry.getCompressedSize()) {
      throw refused(file, entry, "is compressed, expected stored as it is");
    }
    long begin = entry.getDataOffset();
    if (begin < 0 || entry.getSize() < 0 || entry.getSize() > mapped.byteSize() - begin) {
      throw refused(file, entry, "lies beyond the end of the file");
    }
    return mapped.asSlice(begin, entry.getSize());
  }

  /** What stands before {@code data.pkl}: the name of the checkpoint when it was saved. */
  private static String folder(Path file, Map<String, MemorySegment> entries)
      throws RefusedFileException {
    var pickles = entries.keySet().stream().filter(name -> name.endsWith("/" + PICKLE)).toList();
    if (pickles.size() != 1) {
      throw new RefusedFileException(
          file,
          "has %d entries NAME/%s, expected one, as torch.save writes"
              .formatted(pickles.size(), PICKLE));
    }
    String name = pickles.getFirst();
    return name.substring(0, name.length() - PICKLE.length());
  }

  /** Old files do not say: all machines that wrote them were little-endian. */
  private static void requireLittleEndian(Path file, @Nullable MemorySegment order)
      throws RefusedFileException {
    if (order != null
        && !StandardCharsets.UTF_8.decode(order.asByteBuffer()).toString().equals("little")) {
      throw new RefusedFileException(file, "its numbers are big-endian, expected little-endian");
    }
  }

  private static RefusedFileException refused(Path file, ZipArchiveEntry entry, String fault) {
    return new RefusedFileException(file, "its entry " + Quoted.of(entry.getName()) + " " + fault);
  }
}
