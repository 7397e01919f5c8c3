package dev.anneal.tensor;

/** Operators that a {@link Recorder} recorded. */
public interface Recording extends AutoCloseable {

  /** Computes them again, with what now stands in the memory that they read. */
  void replay();

  /** Frees what the device keeps for it. */
  @Override
  void close();
}
