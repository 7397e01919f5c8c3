package dev.anneal.train;

import java.io.Serial;
import java.nio.file.Path;

/** Other processes of a run do not answer any more. */
public final class LostProcessException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private LostProcessException(String message) {
    super(message);
  }

  LostProcessException(int rank, int size) {
    this("process %d of %d waited for others that are gone".formatted(rank + 1, size));
  }

  /** With the state before the step. */
  LostProcessException saved(Path checkpoint) {
    return new LostProcessException(
        "%s; the state is in %s: go on with --resume".formatted(getMessage(), checkpoint));
  }
}
