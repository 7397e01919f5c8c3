package dev.anneal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes so that a reader finds all or nothing, also when the writer is killed or the disk is full.
 *
 * <p>A draft is written beside the target, forced to the disk and renamed (docs/decisions/0005). A
 * file replaces an older one; a folder is never replaced. Failures name the target and leave it as
 * it was, with no draft behind.
 */
public final class AtomicWrite {

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface FileContent {

    /** Writes all of it, in order. */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /** Writes the content of a folder. */
  @FunctionalInterface
  public interface FolderContent {

    /** Fills an empty folder, whose own name means nothing. */
    void writeTo(Path folder) throws IOException;
  }

  private AtomicWrite() {}

  /**
   * Writes a file; one of that name is replaced.
   *
   * @param target its final place, in an existing folder
   * @param content called once
   * @throws FileSystemException if it could not be written; the target is as it was
   */
  public static void file(Path target, FileContent content) throws IOException {
    try (Draft draft = Draft.of(target)) {
      try (var channel =
          FileChannel.open(draft.path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
      }
      draft.publish();
    } catch (IOException failure) {
      throw located(target, failure);
    }
  }

  /**
   * Writes a folder that does not exist yet.
   *
   * @param target its final place, in an existing folder
   * @param content called once
   * @throws FileAlreadyExistsException if something of that name exists
   * @throws FileSystemException if it could not be written; then there is no such folder
   */
  public static void folder(Path target, FolderContent content) throws IOException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "exists already, and a folder is never replaced");
    }
    try (Draft draft = Draft.of(target)) {
      content.writeTo(Files.createDirectory(draft.path()));
      draft.publish();
    } catch (IOException failure) {
      throw located(target, failure);
    }
  }

  /** The failure, told of the path that the caller knows. */
  private static FileSystemException located(Path target, IOException failure) {
    var located = new FileSystemException(target.toString(), null, reason(failure));
    located.initCause(failure);
    return located;
  }

  private static String reason(IOException failure) {
    if (failure instanceof FileSystemException located && located.getReason() != null) {
      return located.getReason();
    }
    return failure.getClass().equals(IOException.class)
        ? String.valueOf(failure.getMessage())
        : failure.toString();
  }
}
