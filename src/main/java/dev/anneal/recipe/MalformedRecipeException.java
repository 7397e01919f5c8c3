package dev.anneal.recipe;

import java.io.IOException;

/** A recipe that cannot be used; the message says which file, which line, what, and why. */
public final class MalformedRecipeException extends IOException {

  /**
   * Made of its parts: {@code tiny.yaml:12: unknown key …}.
   *
   * @param line counted from 1; 0 where no line is to blame
   */
  MalformedRecipeException(String where, int line, String problem, Throwable cause) {
    super(where + (line > 0 ? ":" + line : "") + ": " + problem, cause);
  }
}
