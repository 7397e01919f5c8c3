package dev.anneal.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A job that falls into parts. What a part comes to follows from the command line alone. */
interface Divided extends AutoCloseable {

  /**
   * What the results depend on beside the command line: digests of files.
   *
   * @throws IOException if one cannot be read
   */
  List<String> inputs() throws IOException;

  /**
   * Finds what would make a part fail, before hours of work and not after.
   *
   * @throws IOException if a file cannot be read, or asks for what cannot be
   */
  default void check() throws IOException {}

  /**
   * How many parts there are.
   *
   * @throws IOException if a file that says so cannot be read
   */
  int parts() throws IOException;

  /**
   * Does a part.
   *
   * @param target where its result goes; it is there as a whole or not at all
   * @throws IOException if a file cannot be read or written
   */
  void write(int number, Path target) throws IOException;

  @Override
  void close();
}
