package dev.anneal.store;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Tensors by name, read from the disk when they are looked at; closing takes them away. */
public interface StoredTensors extends AutoCloseable {

  /** Where they come from, for messages. */
  Path file();

  /** The tensors by name, in the order of their file. */
  SequencedMap<String, StoredTensor> tensors();

  /**
   * Checks that these are exactly the expected tensors.
   *
   * @param expected the shape that each name must have
   * @throws RefusedFileException listing every missing, unknown and misshapen tensor
   */
  default void requireExactly(Map<String, List<Long>> expected) throws RefusedFileException {
    var found = new LinkedHashMap<String, List<Long>>();
    tensors().forEach((name, tensor) -> found.put(name, tensor.shape()));
    ExactMatch.require(file(), expected, found);
  }

  /**
   * Checks that these are what a network computes with.
   *
   * @throws RefusedFileException if one holds no floating-point numbers
   */
  default void requireFloating() throws RefusedFileException {
    for (StoredTensor tensor : tensors().values()) {
      if (!tensor.type().isFloating()) {
        throw new RefusedFileException(
            file(),
            "%s is %s, expected floating-point numbers"
                .formatted(Quoted.of(tensor.name()), tensor.type()));
      }
    }
  }

  @Override
  void close();
}
