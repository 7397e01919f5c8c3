package dev.anneal.cli;

import java.io.IOException;

/** A command whose job can be divided. */
interface DividedCommand {

  /**
   * Opens the job that the command line asks for.
   *
   * @throws IOException if a file that it needs cannot be read
   * @throws IllegalArgumentException if options do not fit each other
   */
  Divided job() throws IOException;
}
