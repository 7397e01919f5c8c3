package dev.anneal.cli;

import java.io.IOException;
import java.util.List;

/**
 * A place where the parts of a large job are done. {@code --engine} names one; those outside this
 * jar are found as services ({@link java.util.ServiceLoader}).
 */
public interface Engine {

  /** The name that {@code --engine} takes. */
  String name();

  /**
   * Does some parts of a job, in any order, in any process that has this program and sees the same
   * files.
   *
   * @param tasks the parts
   * @param master which cluster, in the engine's own words; empty for the engine's default
   * @param done to be run after each part
   * @throws IOException if a part fails because of a file
   * @throws IllegalArgumentException if a part is asked for what cannot be, or the master is
   *     unknown
   */
  void run(List<Task> tasks, String master, Runnable done) throws IOException;
}
