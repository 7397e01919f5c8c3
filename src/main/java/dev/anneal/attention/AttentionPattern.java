package dev.anneal.attention;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Who looks at whom in the window of one sequence (paper: attention masks that allow a KV cache).
 *
 * <p>The queries are the rows of the window; the keys are {@code [cached ‖ rows]}, where the cached
 * tokens are settled and come first in settling order. Each row has an <em>order</em> (its place in
 * the settling order), a <em>slice</em> (0 for a settled row, k ≥ 1 for a row of the k-th active
 * slice) and a <em>horizon</em> (how many settled tokens it looks at). {@link #sees} is the law,
 * {@link #fill} and {@link #mask} write it down for a whole window.
 */
public final class AttentionPattern {

  private final int cached;
  private final int[] order; // [row]
  private final int[] slice; // [row]
  private final int[] horizon; // [row]

  private AttentionPattern(int cached, int rows) {
    this.cached = cached;
    this.order = new int[rows];
    this.slice = new int[rows];
    this.horizon = new int[rows];
  }

  /**
   * The window of one model call: {@code [settled tokens not in the cache ‖ active tokens]}; the
   * active ones look at all settled tokens and at each other.
   *
   * @param context what settled tokens look at
   * @param firstSettled how many settled tokens are in the cache; the window starts at this order
   * @param settled how many tokens are settled, cached ones included
   * @param active how many tokens are active
   * @throws IllegalArgumentException if a number is negative, or a cached token could still come to
   *     look at more tokens than it did when it was cached
   */
  public static AttentionPattern settledActive(
      SettledContext context, int firstSettled, int settled, int active) {
    if (settled < 0 || active < 0) {
      throw new IllegalArgumentException(
          "settled %d and active %d: expected neither below 0".formatted(settled, active));
    }
    if (firstSettled < 0 || firstSettled > context.cacheable(settled)) {
      throw new IllegalArgumentException(
          "firstSettled %d is outside 0 … %d, the tokens that %s can cache of %d settled"
              .formatted(firstSettled, context.cacheable(settled), context, settled));
    }
    int fresh = settled - firstSettled;
    var pattern = new AttentionPattern(firstSettled, fresh + active);
    pattern.putSettled(context, settled);
    pattern.putSlice(1, fresh, settled, settled + active);
    return pattern;
  }

  /**
   * Many calls of one sequence in one training window: {@code [clean tokens ‖ noised slices]}; a
   * slice looks at itself and at the clean tokens before its start (spec: the two-stream mask).
   *
   * @param context what clean tokens look at
   * @param clean how many tokens are there clean, from the start on: those that slices look at
   * @param sliceStarts for each slice, the order of its first token
   * @param sliceEnds for each slice, the order after its last token
   * @throws IllegalArgumentException if a slice is empty or begins beyond the clean tokens, or if a
   *     clean token before a slice looks into it, through which the slice would see its own answer
   */
  public static AttentionPattern trainingPairs(
      SettledContext context, int clean, int[] sliceStarts, int[] sliceEnds) {
    if (sliceStarts.length != sliceEnds.length) {
      throw new IllegalArgumentException(
          "%d slice starts and %d slice ends: expected equally many"
              .formatted(sliceStarts.length, sliceEnds.length));
    }
    int noised = 0;
    for (int i = 0; i < sliceStarts.length; i++) {
      checkSlice(context, clean, sliceStarts[i], sliceEnds[i]);
      noised += sliceEnds[i] - sliceStarts[i];
    }
    var pattern = new AttentionPattern(0, clean + noised);
    pattern.putSettled(context, clean);
    int row = clean;
    for (int i = 0; i < sliceStarts.length; i++) {
      pattern.putSlice(i + 1, row, sliceStarts[i], sliceEnds[i]);
      row += sliceEnds[i] - sliceStarts[i];
    }
    return pattern;
  }

  /** One active window and nothing else: every row looks at every row. */
  public static AttentionPattern everything(int rows) {
    return settledActive(new FullContext(), 0, 0, rows);
  }

  private static void checkSlice(SettledContext context, int clean, int start, int end) {
    if (start < 0 || start >= end || start > clean) {
      throw new IllegalArgumentException(
          "slice %d … %d is empty or begins beyond the %d clean tokens"
              .formatted(start, end, clean));
    }
    if (context.cacheable(start) < start) {
      throw new IllegalArgumentException(
          "slice start %d cuts what %s lets clean tokens see: expected a start such as %d"
              .formatted(start, context, context.cacheable(start)));
    }
  }

  private void putSettled(SettledContext context, int settled) {
    for (int row = 0; row < settled - cached; row++) {
      order[row] = cached + row;
      horizon[row] = context.horizon(order[row], settled);
    }
  }

  private void putSlice(int number, int firstRow, int start, int end) {
    for (int row = firstRow; row < firstRow + end - start; row++) {
      order[row] = start + row - firstRow;
      slice[row] = number;
      horizon[row] = start;
    }
  }

  /** How many rows the window has. */
  public int rows() {
    return order.length;
  }

  /** How many cached tokens are keys in front of the rows. */
  public int cached() {
    return cached;
  }

  /** How many keys there are: cached tokens and rows. */
  public int keys() {
    return cached + rows();
  }

  /** The place of a row in the settling order. */
  public int order(int row) {
    return order[row];
  }

  /**
   * Whether a query may look at a key: at a settled one within its horizon, at an active one of its
   * own slice.
   *
   * @param query a row, 0 ≤ query &lt; rows()
   * @param key a cached token (0 ≤ key &lt; cached()) or cached() plus a row
   */
  public boolean sees(int query, int key) {
    Objects.checkIndex(key, keys());
    if (key < cached) {
      return key < horizon[query];
    }
    int row = key - cached;
    return slice[row] == 0 ? order[row] < horizon[query] : slice[row] == slice[query];
  }

  /** True if the rows are one active slice and nothing is hidden from it: no mask is needed. */
  public boolean isUnmasked() {
    return rows() > 0 && slice[0] != 0 && sliceEnd(0) == rows() && horizon[0] >= cached;
  }

  /** The mask without padding, row by row: {@code [query, key]}, 1 where the query sees the key. */
  public byte[] mask() {
    var mask = new byte[Math.multiplyExact(rows(), keys())]; // [query, key]
    fill(MemorySegment.ofArray(mask), cached, rows());
    return mask;
  }

  /**
   * Writes the mask with room for the larger windows of a batch. The keys are laid out as {@code
   * [cached, padding up to cachedRoom ‖ rows, padding up to rowRoom]}, the queries as {@code [rows,
   * padding up to rowRoom]}. Nobody sees padding, but a padding query sees itself, so that no
   * softmax is over nothing.
   *
   * @param target takes {@code rowRoom · (cachedRoom + rowRoom)} bytes, {@code [query, key]}: 1
   *     where the query sees the key, else 0
   * @param cachedRoom at least {@link #cached()}
   * @param rowRoom at least {@link #rows()}
   * @throws IllegalArgumentException if a room is too small or the target has another size
   */
  public void fill(MemorySegment target, int cachedRoom, int rowRoom) {
    long stride = (long) cachedRoom + rowRoom;
    if (cachedRoom < cached || rowRoom < rows() || target.byteSize() != rowRoom * stride) {
      throw new IllegalArgumentException(
          "room for %d cached and %d rows in %d bytes: expected at least %d cached and %d rows, and %d bytes"
              .formatted(cachedRoom, rowRoom, target.byteSize(), cached, rows(), rowRoom * stride));
    }
    target.fill((byte) 0);
    for (int first = 0, last; first < rows(); first = last) {
      last = sliceEnd(first);
      for (int query = first; query < last; query++) {
        long base = query * stride;
        // A settled key's order is its place among the keys, so a horizon is at most two runs.
        see(target, base, Math.min(horizon[query], cached));
        see(target, base + cachedRoom, horizon[query] - cached);
        if (slice[query] != 0) {
          see(target, base + cachedRoom + first, last - first);
        }
      }
    }
    for (int query = rows(); query < rowRoom; query++) {
      see(target, query * stride + cachedRoom + query, 1);
    }
  }

  private static void see(MemorySegment target, long from, int count) {
    if (count > 0) {
      target.asSlice(from, count).fill((byte) 1);
    }
  }

  private int sliceEnd(int first) {
    int end = first + 1;
    while (end < rows() && slice[end] == slice[first]) {
      end++;
    }
    return end;
  }
}
