package dev.anneal.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A safetensors file, mapped: its tensors are read from the disk when they are looked at.
 *
 * <p>The format: eight bytes, the length of the header as a little-endian number; the header, a
 * JSON object from names to {@code dtype}, {@code shape} and {@code data_offsets}; the bytes of the
 * tensors, without gaps. A file that says anything else is refused as a whole when it is opened, so
 * what an open file gives is valid. Any thread may read.
 *
 * <p>The law of this package: loading is exact, and what stands under its final name is whole. A
 * mapped file must not be shortened while it is open; {@link AtomicWrite} never does, it replaces.
 */
public final class SafeTensors implements StoredTensors {

  /** The bytes of the number in front of the header. */
  static final int PREFIX_BYTES = Long.BYTES;

  /** The format's own limit. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  static final ValueLayout.OfLong HEADER_LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final Arena arena;
  private final Map<String, String> metadata;
  private final SequencedMap<String, StoredTensor> tensors;

  private SafeTensors(Path file, Arena arena, MemorySegment mapped) throws RefusedFileException {
    this.file = file;
    this.arena = arena;
    long headerBytes = headerBytes(file, mapped);
    var text = mapped.asSlice(PREFIX_BYTES, headerBytes).asByteBuffer();
    MemorySegment content = mapped.asSlice(PREFIX_BYTES + headerBytes);
    SafeTensorsHeader header = HeaderParser.parse(file, text);
    header.requireExactCover(file, content.byteSize());
    metadata = header.metadata();
    tensors = Collections.unmodifiableSequencedMap(tensors(header, content));
  }

  /**
   * Maps a file and checks its header.
   *
   * @throws RefusedFileException if it is not a valid safetensors file
   * @throws IOException if it cannot be read
   */
  public static SafeTensors open(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new RefusedFileException(file, "not a regular file");
    }
    @SuppressWarnings("MustBeClosedChecker") // the file takes it and closes it
    Arena arena = Arena.ofShared();
    try {
      return new SafeTensors(file, arena, map(file, arena));
    } catch (IOException | RuntimeException failure) {
      arena.close();
      throw failure;
    }
  }

  @Override
  public Path file() {
    return file;
  }

  /** The free text of the file, in its order. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The tensors by name, in the order of the header. */
  @Override
  public SequencedMap<String, StoredTensor> tensors() {
    return tensors;
  }

  /** Unmaps the file; the bytes of its tensors can be reached no more. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() < PREFIX_BYTES) {
        throw new RefusedFileException(
            file, "has " + channel.size() + " bytes, expected at least " + PREFIX_BYTES);
      }
      return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  private static long headerBytes(Path file, MemorySegment mapped) throws RefusedFileException {
    long length = mapped.get(HEADER_LENGTH, 0);
    long available = mapped.byteSize() - PREFIX_BYTES;
    if (Long.compareUnsigned(length, MAX_HEADER_BYTES) > 0) {
      throw new RefusedFileException(
          file,
          "announces a header of %s bytes, expected at most %d"
              .formatted(Long.toUnsignedString(length), MAX_HEADER_BYTES));
    }
    if (length > available) {
      throw new RefusedFileException(
          file,
          "announces a header of %d bytes, but only %d follow: is it cut off?"
              .formatted(length, available));
    }
    return length;
  }

  private static SequencedMap<String, StoredTensor> tensors(
      SafeTensorsHeader header, MemorySegment content) {
    var tensors = new LinkedHashMap<String, StoredTensor>();
    for (var tensor : header.tensors()) {
      var bytes = content.asSlice(tensor.begin(), tensor.declaration().byteSize());
      tensors.put(tensor.declaration().name(), new StoredTensor(tensor.declaration(), bytes));
    }
    return tensors;
  }
}
