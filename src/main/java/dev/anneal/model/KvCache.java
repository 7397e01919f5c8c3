package dev.anneal.model;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Recorder;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The keys and values of settled tokens, layer by layer.
 *
 * <p>The law: a token's keys and values are computed once more after it settled, as part of the
 * next call, and never again. So a call writes those of its whole window behind the cached ones,
 * but only the rows that are final count: the next call writes over the others.
 */
public final class KvCache implements AutoCloseable {

  /** What a layer's queries look at, both [batch, head, key, channel]. */
  record KeysValues(Tensor keys, Tensor values) {}

  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private final int capacity;
  private final Optional<Replays> replays;
  private int settled;

  private KvCache(int capacity, Optional<Replays> replays) {
    this.capacity = capacity;
    this.replays = replays;
  }

  /** Keeps nothing: for training, and for calls that see all settled tokens anew. */
  public static KvCache none() {
    return new KvCache(0, Optional.empty());
  }

  /**
   * The axes of one layer's keys, and of its values.
   *
   * @param batch sequences
   * @param heads attention heads
   * @param capacity tokens, those of the window included
   * @param channels channels of a head
   */
  record Room(int batch, int heads, int capacity, int channels) {

    Tensor allocate(Placement placement) {
      DType type = placement.precision().type();
      return Tensors.empty(type, placement.device(), batch, heads, capacity, channels).detached();
    }
  }

  /**
   * An empty cache.
   *
   * @param recorder records calls that come again, if they are to be
   */
  static KvCache allocate(Room room, int layers, Placement placement, Optional<Recorder> recorder) {
    var cache = new KvCache(room.capacity, recorder.map(Replays::new));
    try (Scope scope = Scope.open()) {
      for (int layer = 0; layer < layers; layer++) {
        cache.keys.add(room.allocate(placement));
        cache.values.add(room.allocate(placement));
      }
    }
    return cache;
  }

  /** The memory it takes, whether or not it is full. */
  public long bytes() {
    return Stream.concat(keys.stream(), values.stream())
        .mapToLong(tensor -> tensor.count() * tensor.dtype().bytes())
        .sum();
  }

  /** How many tokens of each sequence are cached. */
  public int settled() {
    return settled;
  }

  /** Puts a window's keys and values behind the cached ones and gives all of them. */
  KeysValues extend(int layer, Tensor newKeys, Tensor newValues) {
    if (capacity == 0) {
      return new KeysValues(newKeys, newValues);
    }
    return new KeysValues(extend(keys.get(layer), newKeys), extend(values.get(layer), newValues));
  }

  private Tensor extend(Tensor room, Tensor added) {
    long width = added.size(2);
    room.narrow(2, settled, width).copy_(added);
    return room.narrow(2, 0, settled + width);
  }

  /** Counts the window's first {@code rows} rows as cached. */
  void settle(int rows) {
    if (capacity > 0 && rows > 0) {
      settled += rows;
      replays.ifPresent(Replays::close); // they write where those rows are
    }
  }

  /** Calls that came again since a token was last cached, if such calls are replayed. */
  Optional<Replays> replays() {
    return replays;
  }

  @Override
  public void close() {
    replays.ifPresent(Replays::close);
    keys.forEach(Tensor::close);
    values.forEach(Tensor::close);
  }
}
