package dev.anneal.bench;

import java.io.IOException;

/** A part of the measurement, of which every round makes one. */
interface Part {

  /** Its name, such as "training, block 32". */
  String name();

  /**
   * Measures once.
   *
   * @param program runs what is measured as a process of its own
   * @param readings takes the numbers
   * @throws IOException if it cannot be measured, saying why
   */
  void measure(Program program, Readings readings) throws IOException, InterruptedException;
}
