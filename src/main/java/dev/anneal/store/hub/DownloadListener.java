package dev.anneal.store.hub;

/** Is told how far a download is. */
@FunctionalInterface
public interface DownloadListener {

  /**
   * Some bytes of a file have come.
   *
   * @param file its name
   * @param done bytes so far, those of an earlier attempt included
   * @param total bytes in the end
   */
  void onBytes(String file, long done, long total);
}
