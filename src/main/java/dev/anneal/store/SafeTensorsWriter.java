package dev.anneal.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes safetensors files, whole or not at all ({@link AtomicWrite}), a piece at a time.
 *
 * <p>The header keeps the order given. The bytes lie by falling element size and start at a
 * multiple of 64, so every tensor is aligned.
 */
public final class SafeTensorsWriter {

  /** Where the bytes of a tensor come from, so that they need not all be in memory at once. */
  @FunctionalInterface
  public interface Source {

    /**
     * The elements of a tensor, little-endian and row-major; read before the next call.
     *
     * @throws IOException if there are none to be had
     */
    MemorySegment bytes(TensorDeclaration declaration) throws IOException;
  }

  /** A multiple of every element size, and a cache line. */
  private static final int ALIGNMENT = 64;

  /** Large enough for the disk, small beside any model. */
  private static final long PIECE_BYTES = 1 << 20;

  private static final JsonFactory JSON = new JsonFactory();

  private SafeTensorsWriter() {}

  /**
   * Writes tensors that are in memory.
   *
   * @param target replaced where it exists
   * @param metadata free text
   * @param tensors of different names
   * @throws IOException if it could not be written; the target is as it was
   * @throws IllegalArgumentException if two tensors share a name
   */
  public static void write(
      Path target, Map<String, String> metadata, Collection<StoredTensor> tensors)
      throws IOException {
    var bytes = new LinkedHashMap<TensorDeclaration, MemorySegment>();
    tensors.forEach(tensor -> bytes.put(tensor.declaration(), tensor.bytes()));
    var declarations = tensors.stream().map(StoredTensor::declaration).toList();
    write(target, metadata, declarations, key -> Objects.requireNonNull(bytes.get(key)));
  }

  /**
   * Writes tensors whose bytes are made as they are needed.
   *
   * @param target replaced where it exists
   * @param metadata free text
   * @param declarations of different names
   * @param source asked for each tensor once, in the order of the bytes
   * @throws IOException if it could not be written; the target is as it was
   * @throws IllegalArgumentException if two tensors share a name, the header exceeds the format's
   *     100 MB, or a tensor's bytes are not as many as declared; the target is as it was
   */
  public static void write(
      Path target,
      Map<String, String> metadata,
      Collection<TensorDeclaration> declarations,
      Source source)
      throws IOException {
    requireDifferentNames(declarations);
    var inFileOrder =
        declarations.stream()
            .sorted(Comparator.comparingInt(declaration -> -declaration.type().bytes()))
            .toList();
    byte[] header = header(metadata, declarations, offsets(inFileOrder));
    AtomicWrite.file(target, channel -> write(channel, header, inFileOrder, source));
  }

  private static void write(
      WritableByteChannel channel,
      byte[] header,
      List<TensorDeclaration> inFileOrder,
      Source source)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment piece = arena.allocate(PIECE_BYTES);
      MemorySegment prefix = arena.allocate(SafeTensors.PREFIX_BYTES);
      prefix.set(SafeTensors.HEADER_LENGTH, 0, header.length);
      copy(prefix, channel, piece);
      copy(MemorySegment.ofArray(header), channel, piece);
      for (TensorDeclaration declaration : inFileOrder) {
        var tensor = new StoredTensor(declaration, source.bytes(declaration));
        copy(tensor.bytes(), channel, piece);
      }
    }
  }

  private static void copy(MemorySegment bytes, WritableByteChannel channel, MemorySegment piece)
      throws IOException {
    for (long done = 0; done < bytes.byteSize(); done += piece.byteSize()) {
      long size = Math.min(piece.byteSize(), bytes.byteSize() - done);
      MemorySegment.copy(bytes, done, piece, 0, size);
      var buffer = piece.asSlice(0, size).asByteBuffer();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  private static Map<String, Long> offsets(List<TensorDeclaration> inFileOrder) {
    var offsets = new LinkedHashMap<String, Long>();
    long offset = 0;
    for (TensorDeclaration declaration : inFileOrder) {
      offsets.put(declaration.name(), offset);
      offset = Math.addExact(offset, declaration.byteSize());
    }
    return offsets;
  }

  private static byte[] header(
      Map<String, String> metadata,
      Collection<TensorDeclaration> declarations,
      Map<String, Long> offsets) {
    var text = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeName(TensorDeclaration.METADATA).writeStartObject();
        metadata.forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      for (TensorDeclaration declaration : declarations) {
        describe(json, declaration, Objects.requireNonNull(offsets.get(declaration.name())));
      }
      json.writeEndObject();
    }
    while ((SafeTensors.PREFIX_BYTES + text.size()) % ALIGNMENT != 0) {
      text.write(' ');
    }
    if (text.size() > SafeTensors.MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "a header of %d bytes: expected at most %d"
              .formatted(text.size(), SafeTensors.MAX_HEADER_BYTES));
    }
    return text.toByteArray();
  }

  private static void describe(JsonGenerator json, TensorDeclaration declaration, long offset) {
    long[] shape = declaration.shape().stream().mapToLong(Long::longValue).toArray();
    long[] range = {offset, offset + declaration.byteSize()};
    json.writeName(declaration.name()).writeStartObject();
    json.writeStringProperty("dtype", declaration.type().name());
    json.writeName("shape").writeArray(shape, 0, shape.length);
    json.writeName("data_offsets").writeArray(range, 0, range.length);
    json.writeEndObject();
  }

  private static void requireDifferentNames(Collection<TensorDeclaration> declarations) {
    var names = new HashSet<String>();
    for (TensorDeclaration declaration : declarations) {
      if (!names.add(declaration.name())) {
        throw new IllegalArgumentException(
            "tensor name " + Quoted.of(declaration.name()) + " is used twice, expected once");
      }
    }
  }
}
