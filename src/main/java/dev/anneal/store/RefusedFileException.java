package dev.anneal.store;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * A file was read and is not what it should be: malformed, or not made for this model.
 *
 * <p>The message is one line, path and reason; {@link #getFile} and {@link #getReason} give them
 * apart.
 */
public final class RefusedFileException extends FileSystemException {

  /**
   * Refuses a file.
   *
   * @param file the file
   * @param reason what is wrong with it, what was expected; one line
   */
  public RefusedFileException(Path file, String reason) {
    super(file.toString(), null, reason);
  }

  /** Refuses a file because of an exception met while reading it. */
  public RefusedFileException(Path file, String reason, Throwable cause) {
    this(file, reason);
    initCause(cause);
  }
}
