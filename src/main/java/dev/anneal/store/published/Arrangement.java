package dev.anneal.store.published;

import dev.anneal.store.StoredTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** How the elements of a published tensor lie, compared with Anneal's. */
enum Arrangement {
  /** The same. */
  SAME {
    @Override
    List<Long> published(List<Long> sizes) {
      return sizes;
    }

    @Override
    MemorySegment ours(StoredTensor published, Arena arena) {
      return published.bytes();
    }
  },

  /** A matrix with its axes exchanged. */
  TRANSPOSED {
    @Override
    List<Long> published(List<Long> sizes) {
      return sizes.reversed();
    }

    @Override
    MemorySegment ours(StoredTensor published, Arena arena) {
      long size = published.type().bytes();
      long rows = published.shape().getFirst();
      long columns = published.shape().getLast();
      MemorySegment ours = arena.allocate(published.bytes().byteSize(), size);
      for (long row = 0; row < rows; row++) {
        for (long column = 0; column < columns; column++) {
          long from = (row * columns + column) * size;
          MemorySegment.copy(published.bytes(), from, ours, (column * rows + row) * size, size);
        }
      }
      return ours;
    }
  },

  /** A vocabulary without the mask, whose row is the last one and is zero. */
  WITHOUT_MASK {
    @Override
    List<Long> published(List<Long> sizes) {
      var published = new ArrayList<>(sizes);
      published.set(0, sizes.getFirst() - 1);
      return published;
    }

    @Override
    MemorySegment ours(StoredTensor published, Arena arena) {
      long rowBytes = published.bytes().byteSize() / published.shape().getFirst();
      MemorySegment ours =
          arena.allocate(published.bytes().byteSize() + rowBytes, published.type().bytes());
      return ours.copyFrom(published.bytes());
    }
  };

  /** The published sizes of a tensor that has these sizes here. */
  abstract List<Long> published(List<Long> sizes);

  /**
   * The elements as they lie here.
   *
   * @param published of the published sizes
   * @param arena of the copy, where one is needed
   */
  abstract MemorySegment ours(StoredTensor published, Arena arena);
}
