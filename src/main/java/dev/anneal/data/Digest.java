package dev.anneal.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over a list of parts, each preceded by its length so that borders count. */
public final class Digest {

  /** Bytes of a digest. */
  static final int LENGTH = 32;

  private static final int BUFFER_BYTES = 1 << 16;

  private final MessageDigest sha256 = sha256();

  Digest() {}

  Digest add(byte[] part) {
    add(part.length);
    sha256.update(part);
    return this;
  }

  Digest add(String part) {
    return add(part.getBytes(StandardCharsets.UTF_8));
  }

  Digest add(long part) {
    sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(part).flip());
    return this;
  }

  /** Adds the size and content of a file. */
  Digest add(Path file) throws IOException {
    try (var channel = FileChannel.open(file)) {
      add(channel.size());
      update(sha256, channel);
    }
    return this;
  }

  private static void update(MessageDigest sha256, FileChannel channel) throws IOException {
    var buffer = ByteBuffer.allocate(BUFFER_BYTES);
    while (channel.read(buffer) >= 0) {
      sha256.update(buffer.flip());
      buffer.clear();
    }
  }

  String hex() {
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** The plain SHA-256 of some bytes, as {@code sha256sum} prints it. */
  public static String of(byte[] content) {
    return HexFormat.of().formatHex(sha256().digest(content));
  }

  /**
   * The plain SHA-256 of a file's content, as {@code sha256sum} prints it.
   *
   * @throws IOException if it cannot be read
   */
  public static String of(Path file) throws IOException {
    MessageDigest sha256 = sha256();
    try (var channel = FileChannel.open(file)) {
      update(sha256, channel);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
