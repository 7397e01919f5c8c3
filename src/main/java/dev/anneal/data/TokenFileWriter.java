package dev.anneal.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a token file beside its place and moves it there when it is whole. Closed before that, it
 * leaves nothing behind.
 */
final class TokenFileWriter implements DocumentSink, AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final Path unfinished;
  private final Tokenizer tokenizer;
  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long tokens;
  private long documents;

  TokenFileWriter(Path file, Tokenizer tokenizer) throws IOException {
    this.file = file;
    this.tokenizer = tokenizer;
    this.unfinished = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      Files.createDirectories(unfinished.toAbsolutePath().getParent());
      channel =
          FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      channel.position(TokenFileHeader.BYTES);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void piece(String text) throws IOException {
    for (int id : tokenizer.encode(text)) {
      put(id);
    }
  }

  @Override
  public void end() throws IOException {
    put(tokenizer.end());
    documents++;
  }

  /** Adds the documents of a token file of the same tokenizer. */
  void append(TokenFile other) throws IOException {
    for (long from = 0; from < other.tokens(); from += BUFFER_BYTES) {
      for (int id : other.slice(from, (int) Math.min(BUFFER_BYTES, other.tokens() - from))) {
        put(id);
      }
    }
    documents += other.documents();
  }

  /** Completes the file and moves it to its place, over an earlier one. */
  void finish(TokenOrigin origin) throws IOException {
    drain();
    var header =
        new TokenFileHeader(
            TokenFileHeader.width(tokenizer),
            tokens,
            documents,
            origin.tokenizer(),
            origin.documents());
    try {
      channel.write(header.write(), 0);
      channel.force(true);
      channel.close();
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(unfinished);
  }

  private void put(int id) throws IOException {
    if (buffer.remaining() < Integer.BYTES) {
      drain();
    }
    if (TokenFileHeader.width(tokenizer) == Short.BYTES) {
      buffer.putShort((short) id);
    } else {
      buffer.putInt(id);
    }
    tokens++;
  }

  private void drain() throws IOException {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw failed(e);
    }
    buffer.clear();
  }

  private IOException failed(IOException cause) {
    return new IOException("cannot write %s: %s".formatted(file, cause.getMessage()), cause);
  }
}
