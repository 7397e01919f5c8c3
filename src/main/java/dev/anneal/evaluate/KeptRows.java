package dev.anneal.evaluate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The finished part of a long measurement: rows of numbers in a file, which outlives the process.
 * Each row carries a checksum, so that one that was cut off, or never reached the disk, counts as
 * not there.
 */
public final class KeptRows implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final int width;
  private int count;

  private KeptRows(Path file, FileChannel channel, int width) {
    this.file = file;
    this.channel = channel;
    this.width = width;
  }

  /**
   * Opens the rows of a measurement, none if it is new.
   *
   * @param file whose name says which measurement it is; its folder is made if missing
   * @param width numbers in a row
   * @throws IOException if it cannot be read or written, or another process has it open
   */
  public static KeptRows open(Path file, int width) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      requireAlone(file, channel);
      var kept = new KeptRows(file, channel, width);
      kept.count = kept.readable();
      return kept;
    } catch (IOException failure) {
      channel.close();
      throw failure;
    }
  }

  private static void requireAlone(Path file, FileChannel channel) throws IOException {
    try {
      if (channel.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException held) {
      // By this process: as if by another.
    }
    throw new FileSystemException(
        file.toString(), null, "the same is being measured by another process; wait for it");
  }

  private int readable() throws IOException {
    int rows = (int) Math.min(Integer.MAX_VALUE, channel.size() / rowBytes());
    int whole = 0;
    while (whole < rows && isWhole(bytes(whole))) {
      whole++;
    }
    return whole;
  }

  /** How many rows there are. */
  public int count() {
    return count;
  }

  /** Forgets all rows but the first. */
  public void truncate(int rows) throws IOException {
    count = Math.min(count, rows);
    channel.truncate((long) count * rowBytes());
  }

  /** One of the rows. */
  public double[] row(int index) throws IOException {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException("row %d of %d".formatted(index, count));
    }
    double[] row = new double[width];
    bytes(index).asDoubleBuffer().get(row);
    return row;
  }

  /** Adds a row behind the last; what a shorter one leaves is 0. */
  public void add(double[] row) throws IOException {
    var bytes = ByteBuffer.allocate(rowBytes());
    bytes.asDoubleBuffer().put(row);
    bytes.putLong(rowBytes() - Long.BYTES, checksum(bytes));
    long at = (long) count * rowBytes();
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    count++;
  }

  /** The measurement is finished: nothing of it needs to be kept. */
  public void discard() throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private int rowBytes() {
    return Math.addExact(Math.multiplyExact(width, Double.BYTES), Long.BYTES);
  }

  private ByteBuffer bytes(int index) throws IOException {
    var bytes = ByteBuffer.allocate(rowBytes());
    long start = (long) index * rowBytes();
    while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {
      // until the row is there
    }
    return bytes.rewind();
  }

  private boolean isWhole(ByteBuffer bytes) {
    return bytes.getLong(rowBytes() - Long.BYTES) == checksum(bytes);
  }

  /** Not 0 for a row of zeros, which a file that never reached the disk may be full of. */
  private long checksum(ByteBuffer bytes) {
    var checksum = new CRC32C();
    checksum.update(bytes.duplicate().position(0).limit(rowBytes() - Long.BYTES));
    return checksum.getValue() + 1;
  }
}
