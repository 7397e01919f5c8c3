package dev.anneal.store.pytorch;

import dev.anneal.store.Quoted;
import dev.anneal.store.RefusedFileException;
import dev.anneal.store.StoredTensor;
import dev.anneal.store.TensorDeclaration;
import dev.anneal.store.pytorch.PickleValue.Dictionary;
import dev.anneal.store.pytorch.PickleValue.Sequence;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Collects the tensors of a pickle under dotted names. */
final class NamedTensors {

  /** Deeper than any checkpoint nests, and no burden for the stack. */
  private static final int MAX_DEPTH = 32;

  /** A list that holds itself twice looks as large as a number can be. */
  private static final int MAX_VALUES = 1 << 18;

  private static final int MAX_NAME = 500;

  private final Path file;
  private final SequencedMap<String, StridedView> views = new LinkedHashMap<>();
  private int visited;

  private NamedTensors(Path file) {
    this.file = file;
  }

  /**
   * The tensors within a value.
   *
   * @throws RefusedFileException if there is none, two share a name, or it is nested without end
   */
  static NamedTensors within(Path file, PickleValue root) throws RefusedFileException {
    var found = new NamedTensors(file);
    found.visit(root, "", 0);
    if (found.views.isEmpty()) {
      throw new RefusedFileException(file, "holds no tensor in a dictionary or a list");
    }
    return found;
  }

  private void visit(PickleValue value, String name, int depth) throws RefusedFileException {
    visited++;
    if (depth > MAX_DEPTH || visited > MAX_VALUES || name.length() > MAX_NAME) {
      throw new RefusedFileException(
          file,
          "at %s: nested more than %d deep, more than %d values, or a name of over %d characters"
              .formatted(Quoted.of(name), MAX_DEPTH, MAX_VALUES, MAX_NAME));
    }
    switch (value) {
      case Dictionary dictionary -> {
        for (var entry : dictionary.entries().entrySet()) {
          visit(entry.getValue(), within(name, entry.getKey()), depth + 1);
        }
      }
      case Sequence sequence -> {
        List<PickleValue> elements = sequence.elements();
        for (int i = 0; i < elements.size(); i++) {
          visit(elements.get(i), within(name, Integer.toString(i)), depth + 1);
        }
      }
      case StridedView view when depth > 0 -> put(name, view);
      default -> {}
    }
  }

  private void put(String name, StridedView view) throws RefusedFileException {
    if (views.put(name, view) != null) {
      throw new RefusedFileException(file, "has two tensors named " + Quoted.of(name));
    }
  }

  private static String within(String outer, String inner) {
    return outer.isEmpty() ? inner : outer + "." + inner;
  }

  /**
   * The tensors with their elements in row-major order. Those that lie otherwise, such as a
   * transposed one, are copied.
   *
   * @param maxCopiedBytes how much may be copied together
   * @param arena of the copies
   */
  SequencedMap<String, StoredTensor> stored(long maxCopiedBytes, Arena arena)
      throws RefusedFileException {
    long copied = 0;
    var stored = new LinkedHashMap<String, StoredTensor>();
    for (var entry : views.entrySet()) {
      StridedView view = entry.getValue();
      copied += view.isContiguous() ? 0 : view.byteSize();
      if (copied > maxCopiedBytes) {
        throw new RefusedFileException(
            file,
            "%s and others before it view the same numbers too often"
                .formatted(Quoted.of(entry.getKey())));
      }
      stored.put(entry.getKey(), stored(entry.getKey(), view, arena));
    }
    return stored;
  }

  private StoredTensor stored(String name, StridedView view, Arena arena)
      throws RefusedFileException {
    try {
      var declaration = new TensorDeclaration(name, view.storage().type(), view.shape());
      return new StoredTensor(declaration, view.rowMajor(arena));
    } catch (IllegalArgumentException invalid) {
      throw new RefusedFileException(file, String.valueOf(invalid.getMessage()), invalid);
    }
  }
}
