package dev.anneal.store.hub;

import dev.anneal.store.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A file of a published folder, as the hub's listing describes it.
 *
 * @param name in the folder
 * @param size in bytes
 * @param kind how its content is digested
 * @param digest of its content, in hexadecimal digits
 */
record HubFile(String name, long size, Kind kind, String digest) {

  /** How a hub stores a file. */
  enum Kind {
    /** In git: SHA-1 of {@code blob SIZE\0} and the content. */
    BLOB,
    /** Beside git, as a large file: SHA-256 of the content. */
    LARGE
  }

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}");
  private static final int BUFFER_BYTES = 1 << 16;

  /**
   * A file of a listing, in which a large one has an {@code lfs} of its own.
   *
   * @throws IOException if an entry is not what the protocol says
   */
  static HubFile of(JsonNode entry) throws IOException {
    JsonNode large = entry.path("lfs");
    boolean isLarge = large.isObject();
    String digest = (isLarge ? large : entry).path("oid").asString("");
    JsonNode size = (isLarge ? large : entry).path("size");
    String name = entry.path("path").asString("");
    if (!digest.matches(isLarge ? "[0-9a-f]{64}" : "[0-9a-f]{40}")
        || !size.canConvertToLong()
        || size.longValue() < 0) {
      throw new IOException(
          "the hub's listing has no size and digest for the file " + Quoted.of(name));
    }
    return new HubFile(name, size.longValue(), isLarge ? Kind.LARGE : Kind.BLOB, digest);
  }

  /** Whether the name is a plain one, without a path. */
  boolean isPlain() {
    return PLAIN.matcher(name).matches();
  }

  /** Whether a file on the disk is this one. */
  boolean isAt(Path file) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) == size && digest(file).equals(digest);
  }

  private String digest(Path file) throws IOException {
    MessageDigest digest = messageDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream bytes = Files.newInputStream(file)) {
      for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private MessageDigest messageDigest() {
    try {
      MessageDigest digest = MessageDigest.getInstance(kind == Kind.LARGE ? "SHA-256" : "SHA-1");
      if (kind == Kind.BLOB) {
        digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
      }
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-1 and SHA-256", e);
    }
  }
}
