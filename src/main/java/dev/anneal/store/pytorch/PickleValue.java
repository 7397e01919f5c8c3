package dev.anneal.store.pytorch;

import dev.anneal.store.ElementType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the pickle of a checkpoint may hold. A list or a dictionary may hold itself: never compare,
 * hash or print one.
 */
sealed interface PickleValue
    permits PickleValue.Text,
        PickleValue.Whole,
        PickleValue.Scalar,
        PickleValue.Sequence,
        PickleValue.Dictionary,
        PickleValue.Function,
        PickleValue.StorageClass,
        PickleValue.Storage,
        StridedView {

  /** A text. */
  record Text(String text) implements PickleValue {}

  /** A whole number. */
  record Whole(long number) implements PickleValue {}

  /** A fraction, a truth value or None: nothing a tensor is made of. */
  enum Scalar implements PickleValue {
    ANY
  }

  /** A list or a tuple. */
  record Sequence(List<PickleValue> elements) implements PickleValue {
    Sequence() {
      this(new ArrayList<>());
    }
  }

  /** A dictionary, plain or ordered; keys that are numbers are spelled out. */
  record Dictionary(Map<String, PickleValue> entries) implements PickleValue {
    Dictionary() {
      this(new LinkedHashMap<>());
    }
  }

  /** The Python functions that a file of tensors calls. */
  enum Function implements PickleValue {
    ORDERED_DICTIONARY,
    REBUILD_TENSOR,
    REBUILD_PARAMETER
  }

  /** A class of storages. */
  record StorageClass(ElementType type) implements PickleValue {}

  /** The numbers of one or more tensors. */
  record Storage(ElementType type, MemorySegment bytes) implements PickleValue {

    long elements() {
      return bytes.byteSize() / type.bytes();
    }
  }
}
