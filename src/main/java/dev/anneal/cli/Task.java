package dev.anneal.cli;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A part of a job on its way to wherever an {@link Engine} has it done. It carries the command line
 * that asked for the job, which means the same in every process that sees the same files.
 *
 * @param words the command line
 * @param file where the result belongs
 * @param number which part it is
 */
public record Task(List<String> words, String file, int number) implements Serializable {

  /** Copies the words. */
  public Task {
    words = List.copyOf(words);
  }

  /** Whether its result is there. */
  boolean isDone() {
    return Files.exists(Path.of(file));
  }

  /**
   * Does it, unless that has been done.
   *
   * @throws IOException if a file cannot be read, or the result not be written
   * @throws IllegalArgumentException if the job asks for what cannot be
   */
  public void run() throws IOException {
    if (!isDone()) {
      OpenJobs.get(words).write(number, Path.of(file));
    }
  }
}
