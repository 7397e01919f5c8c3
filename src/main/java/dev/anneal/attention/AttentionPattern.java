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
 * {@link #fill} and {@link #mask} write it down, for a whole window or a {@link Stripe} of it.
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

  /**
   * The least stripe of some rows: all keys that one of them sees, between the first and the last.
   *
   * @param first the first of the rows
   * @param end after the last; from {@link #rows()} on there is padding, which sees itself
   */
  public Stripe stripe(int first, int end) {
    int prefix = 0;
    int inside = Math.min(end, rows());
    int from = Math.max(first, rows());
    int to = end > inside ? end : 0;
    for (int run = first, runEnd; run < inside; run = runEnd) {
      runEnd = Math.min(sliceEnd(run), inside);
      if (slice[run] != 0) {
        from = Math.min(from, sliceStart(run));
        to = Math.max(to, sliceEnd(run));
      }
      for (int row = run; row < runEnd; row++) {
        prefix = Math.max(prefix, horizon[row] - cached);
      }
    }
    return Stripe.of(first, end, prefix, from, to);
  }

  /** The mask without padding, row by row: {@code [query, key]}, 1 where the query sees the key. */
  public byte[] mask() {
    var mask = new byte[Math.multiplyExact(rows(), keys())]; // [query, key]
    if (rows() > 0) {
      fill(MemorySegment.ofArray(mask), cached, Stripe.whole(rows()));
    }
    return mask;
  }

  /**
   * Writes the mask of some rows, with room for the larger windows of a batch. The keys are laid
   * out as {@code [cached, padding up to cachedRoom ‖ the stripe's]}. Nobody sees padding, but a
   * padding query sees itself, so that no softmax is over nothing.
   *
   * @param target takes a byte for each of the stripe's rows and its keys, {@code [query, key]}: 1
   *     where the query sees the key, else 0
   * @param cachedRoom at least {@link #cached()}
   * @param stripe which rows, perhaps beyond {@link #rows()}; at least what {@link #stripe} gives
   * @return how many bytes are 1
   * @throws IllegalArgumentException if the room is too small or the target has another size
   */
  public long fill(MemorySegment target, int cachedRoom, Stripe stripe) {
    long stride = (long) cachedRoom + stripe.keys();
    if (cachedRoom < cached || target.byteSize() != stripe.rows() * stride) {
      throw new IllegalArgumentException(
          "room for %d cached in %d bytes: expected at least %d cached, and %d bytes"
              .formatted(cachedRoom, target.byteSize(), cached, stripe.rows() * stride));
    }
    Stripe least = stripe(stripe.first(), stripe.end());
    if (!stripe.equals(stripe.and(least))) {
      throw new IllegalArgumentException("%s: expected at least %s".formatted(stripe, least));
    }
    target.fill((byte) 0);
    long seen = 0;
    int inside = Math.min(stripe.end(), rows());
    for (int run = stripe.first(), runEnd; run < inside; run = runEnd) {
      runEnd = Math.min(sliceEnd(run), inside);
      int own = slice[run] == 0 ? 0 : sliceEnd(run) - sliceStart(run);
      long place = (long) cachedRoom + stripe.place(sliceStart(run));
      for (int query = run; query < runEnd; query++) {
        long base = (query - stripe.first()) * stride;
        // A settled key's order is its place among the keys, so a horizon is at most two runs.
        seen += see(target, base, Math.min(horizon[query], cached));
        seen += see(target, base + cachedRoom, horizon[query] - cached);
        seen += see(target, base + place, own);
      }
    }
    for (int query = Math.max(inside, stripe.first()); query < stripe.end(); query++) {
      seen += see(target, (query - stripe.first()) * stride + cachedRoom + stripe.place(query), 1);
    }
    return seen;
  }

  private static int see(MemorySegment target, long from, int count) {
    if (count <= 0) {
      return 0;
    }
    target.asSlice(from, count).fill((byte) 1);
    return count;
  }

  private int sliceStart(int row) {
    int start = row;
    while (start > 0 && slice[start - 1] == slice[row]) {
      start--;
    }
    return start;
  }

  private int sliceEnd(int first) {
    int end = first + 1;
    while (end < rows() && slice[end] == slice[first]) {
      end++;
    }
    return end;
  }
}
