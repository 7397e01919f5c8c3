package dev.anneal.store.published;

import dev.anneal.store.StoredTensor;
import dev.anneal.store.StoredTensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.SequencedMap;

/**
 * Tensors under other names than their file gives them; owns the file and the memory of those that
 * lie otherwise.
 *
 * @param stored as the file has them
 * @param tensors as they are seen
 * @param arena of those that were copied
 */
record ArrangedTensors(
    StoredTensors stored, SequencedMap<String, StoredTensor> tensors, Arena arena)
    implements StoredTensors {

  @Override
  public Path file() {
    return stored.file();
  }

  @Override
  public void close() {
    stored.close();
    arena.close();
  }
}
