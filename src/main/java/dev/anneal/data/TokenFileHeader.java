package dev.anneal.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The first {@value #BYTES} bytes of a token file, little-endian: magic, version (int), token width
 * in bytes (int), tokens (long), documents (long), the two digests (32 bytes each).
 *
 * @param width bytes a token takes, 2 or 4
 * @param tokens tokens in the file, end tokens included
 * @param documents documents, and so end tokens
 * @param tokenizer digest of the tokenizer, hexadecimal
 * @param source digest of the documents, hexadecimal
 */
record TokenFileHeader(int width, long tokens, long documents, String tokenizer, String source) {

  static final int BYTES = 96;

  /** "ANNEALTK", read as a little-endian number. */
  private static final long MAGIC = 0x4B544C41454E4E41L;

  private static final int VERSION = 1;

  /** Ids up to the mask fit into sixteen bits below this vocabulary. */
  private static final int SMALL_VOCABULARY = 1 << Short.SIZE;

  static int width(Tokenizer tokenizer) {
    return tokenizer.size() < SMALL_VOCABULARY ? Short.BYTES : Integer.BYTES;
  }

  ByteBuffer write() {
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(MAGIC)
        .putInt(VERSION)
        .putInt(width)
        .putLong(tokens)
        .putLong(documents)
        .put(HexFormat.of().parseHex(tokenizer))
        .put(HexFormat.of().parseHex(source))
        .flip();
  }

  /** Nothing if the bytes are not the head of a token file of this version. */
  static Optional<TokenFileHeader> read(ByteBuffer bytes) {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.remaining() < BYTES || bytes.getLong() != MAGIC || bytes.getInt() != VERSION) {
      return Optional.empty();
    }
    var header =
        new TokenFileHeader(
            bytes.getInt(), bytes.getLong(), bytes.getLong(), digest(bytes), digest(bytes));
    return header.possible() ? Optional.of(header) : Optional.empty();
  }

  /** How long the whole file is. */
  long fileBytes() {
    return BYTES + tokens * width;
  }

  private boolean possible() {
    return (width == Short.BYTES || width == Integer.BYTES)
        && tokens >= 0
        && tokens <= (Long.MAX_VALUE - BYTES) / Integer.BYTES;
  }

  private static String digest(ByteBuffer bytes) {
    byte[] digest = new byte[Digest.LENGTH];
    bytes.get(digest);
    return HexFormat.of().formatHex(digest);
  }
}
