package dev.anneal.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * How an exception ends the program: with one line for the user and an exit code.
 *
 * @param exitCode {@link #BAD_INPUT} or {@link #JOB_FAILED}
 * @param line what, where, and what was expected; without a line break
 */
record Failure(int exitCode, String line) {

  /** The job failed though it was asked for rightly. */
  static final int JOB_FAILED = 1;

  /** What the user gave cannot be used: an argument, a file, a disk without room. */
  static final int BAD_INPUT = 2;

  /** The exit code and the line of an exception. */
  static Failure of(Throwable thrown) {
    return switch (thrown) {
      case UncheckedIOException unchecked when unchecked.getCause() != null ->
          of(unchecked.getCause());
      case IllegalArgumentException _, IOException _ -> new Failure(BAD_INPUT, oneLine(thrown));
      default -> new Failure(JOB_FAILED, oneLine(thrown));
    };
  }

  /** The exit code and the line of a command line that cannot be understood. */
  static Failure of(ParameterException thrown, String command) {
    List<String> near =
        thrown instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    String question = near.isEmpty() ? "" : "; did you mean " + near.getFirst() + "?";
    return new Failure(BAD_INPUT, oneLine(thrown) + question + " (see " + command + " --help)");
  }

  private static String oneLine(Throwable thrown) {
    // The message of such an error does not say what kind it is.
    String kind = thrown instanceof Error ? thrown.getClass().getSimpleName() + ": " : "";
    return "anneal: " + kind + message(thrown).strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** The messages of the file system's exceptions are bare paths: they need their reason. */
  private static String message(Throwable thrown) {
    String message = thrown.getMessage();
    if (message == null || message.isBlank()) {
      return thrown.getClass().getSimpleName();
    }
    return switch (thrown) {
      case FileSystemException told when told.getReason() != null -> message;
      case NoSuchFileException _ -> message + ": no such file or folder";
      case AccessDeniedException _ -> message + ": permission denied";
      case NotDirectoryException _ -> message + ": not a folder";
      case FileAlreadyExistsException _ -> message + ": exists already";
      default -> message;
    };
  }
}
