package dev.anneal.data;

/** Hears how far a long job is. */
@FunctionalInterface
public interface Progress {

  /** So many bytes of the sources are done, of so many. Never goes back; ends with all. */
  void at(long doneBytes, long totalBytes);

  /** Nobody listens. */
  static Progress silent() {
    return (done, total) -> {};
  }
}
