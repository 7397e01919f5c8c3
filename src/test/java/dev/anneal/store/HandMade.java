package dev.anneal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files put together by hand, right or wrong. */
final class HandMade {

  private HandMade() {}

  /** A header and as many zeros behind it. */
  static byte[] bytes(String header, int zeros) {
    return bytes(header.getBytes(StandardCharsets.UTF_8), zeros);
  }

  static byte[] bytes(byte[] header, int zeros) {
    return ByteBuffer.allocate(Long.BYTES + header.length + zeros)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }

  static Path file(Path folder, byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.safetensors"), bytes);
  }
}
