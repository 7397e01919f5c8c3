package dev.anneal.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A corpus tokenized once and mapped into memory: reading costs no copy of the file, several
 * processes share it, and any number of threads may read at once. It is unmapped when nobody refers
 * to it any more.
 */
public final class TokenFile implements Corpus {

  private static final ValueLayout.OfShort SMALL =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt LARGE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final TokenFileHeader header;
  private final MemorySegment tokens;

  private TokenFile(TokenFileHeader header, MemorySegment tokens) {
    this.header = header;
    this.tokens = tokens;
  }

  /**
   * The tokens of some documents: those of an earlier call, if tokenizer and documents are still
   * the same, else tokenized now. The file's name tells the two apart, so that processes sharing
   * the folder do not get in each other's way.
   *
   * @param folder where token files are kept; made if missing
   * @throws IOException if a document cannot be read, the file cannot be written (nothing is left
   *     of it then), or the folder holds a damaged one
   */
  public static TokenFile prepare(
      Path folder, Documents documents, Tokenizer tokenizer, Progress progress) throws IOException {
    var origin = TokenOrigin.of(documents, tokenizer);
    Path file = origin.file(folder);
    if (!Files.exists(file)) {
      write(file, documents, tokenizer, origin, progress);
    }
    return open(file, origin);
  }

  /**
   * Tokenizes documents into a file; one of that name is replaced.
   *
   * @throws IOException if a document cannot be read, or the file not be written: nothing is left
   *     of it then
   */
  public static void write(Path file, Documents documents, Tokenizer tokenizer) throws IOException {
    var origin = TokenOrigin.of(documents, tokenizer);
    write(file, documents, tokenizer, origin, Progress.silent());
  }

  private static void write(
      Path file, Documents documents, Tokenizer tokenizer, TokenOrigin origin, Progress progress)
      throws IOException {
    try (var writer = new TokenFileWriter(file, tokenizer)) {
      documents.read(writer, progress);
      writer.finish(origin);
    }
  }

  /**
   * Puts the tokens of single text files together. The bytes are those that {@link #prepare} makes
   * of all of them.
   *
   * @param origin of the whole
   * @param parts the token file of each of the text files, in order
   * @throws IOException if a part cannot be read, or the file not be written: nothing is left of it
   *     then
   */
  public static TokenFile join(Path file, TokenOrigin origin, Tokenizer tokenizer, List<Path> parts)
      throws IOException {
    try (var writer = new TokenFileWriter(file, tokenizer)) {
      for (Path part : parts) {
        writer.append(open(part));
      }
      writer.finish(origin);
    }
    return open(file, origin);
  }

  private static TokenFile open(Path file, TokenOrigin origin) throws IOException {
    TokenFile tokens = open(file);
    if (!tokens.origin().equals(origin)) {
      throw new IOException(file + ": not the tokens its name stands for; delete it");
    }
    return tokens;
  }

  private TokenOrigin origin() {
    return new TokenOrigin(tokenizerDigest(), sourceDigest());
  }

  /**
   * Maps a token file.
   *
   * @throws IOException if it is missing, truncated, or no token file
   */
  public static TokenFile open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such token file");
    }
    try (var channel = FileChannel.open(file)) {
      var head = ByteBuffer.allocate(TokenFileHeader.BYTES);
      channel.read(head, 0);
      var header =
          TokenFileHeader.read(head.flip())
              .orElseThrow(() -> new IOException(file + ": not a token file of this version"));
      if (channel.size() != header.fileBytes()) {
        throw new IOException(
            "%s: damaged token file: %d bytes, expected %d for its %d tokens; delete it"
                .formatted(file, channel.size(), header.fileBytes(), header.tokens()));
      }
      var mapped =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, header.fileBytes(), Arena.ofAuto());
      return new TokenFile(header, mapped.asSlice(TokenFileHeader.BYTES));
    }
  }

  @Override
  public long tokens() {
    return header.tokens();
  }

  /** How many documents the tokens belong to. */
  public long documents() {
    return header.documents();
  }

  /** {@link Tokenizer#digest} of the tokenizer that made the tokens. */
  public String tokenizerDigest() {
    return header.tokenizer();
  }

  /** {@link Documents#digest} of the documents. */
  public String sourceDigest() {
    return header.source();
  }

  @Override
  public void copy(long from, int[] target) {
    Objects.checkFromIndexSize(from, target.length, tokens());
    if (header.width() == Integer.BYTES) {
      MemorySegment.copy(tokens, LARGE, from * Integer.BYTES, target, 0, target.length);
      return;
    }
    for (int i = 0; i < target.length; i++) {
      target[i] = Short.toUnsignedInt(tokens.get(SMALL, (from + i) * Short.BYTES));
    }
  }
}
