package dev.anneal.objective;

import dev.anneal.attention.Alignment;
import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.SettledContext;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The input slots that the calls of one sequence feed, row by row: {@code [clean ‖ slice ‖ slice
 * …]}, a slice for each call.
 */
final class Slots {
  private final Alignment alignment;
  private final SettledContext context;
  private final List<Slice> slices;
  private final int clean;
  private final boolean oneStream;

  /** The slots of one call from that of its first active token on. */
  private record Slice(int first, int count) {

    int end() {
      return first + count;
    }
  }

  /**
   * The slots of some calls.
   *
   * @param noising by what conventions
   * @param order which tokens are known, and which settle when
   * @param calls that share no active token, in their order
   */
  Slots(Noising noising, SettlingOrder order, List<Partition> calls) {
    this.alignment = noising.alignment();
    this.context = noising.context();
    this.slices =
        calls.stream()
            .map(
                call ->
                    new Slice(
                        order.known() + call.settled(), alignment.slots(call, noising.topLevel())))
            .toList();
    this.oneStream = slices.stream().allMatch(this::isCleanRow);
    int last = slices.isEmpty() ? 0 : slices.getLast().first;
    this.clean = oneStream && !slices.isEmpty() ? last + 1 : last;
  }

  /**
   * Whether a slice is one settled token, which emits what it would as a clean row: if all are, the
   * clean rows are enough, as for a GPT.
   */
  private boolean isCleanRow(Slice slice) {
    boolean settled = alignment.order(slice.first) < slice.first;
    boolean alone = slice.count == 1 && context.horizon(slice.first, slice.end()) == slice.end();
    return settled && alone && context.cacheable(slice.end()) == slice.end();
  }

  /**
   * One row.
   *
   * @param slot its slot
   * @param active whether it holds an active token, which is fed noised
   */
  record Row(int slot, boolean active) {}

  /** How many rows there are. */
  int size() {
    return clean + (oneStream ? 0 : slices.stream().mapToInt(Slice::count).sum());
  }

  /** All rows in their order. */
  List<Row> rows() {
    var rows = new ArrayList<Row>();
    IntStream.range(0, clean).forEach(slot -> rows.add(new Row(slot, false)));
    if (!oneStream) {
      for (Slice slice : slices) {
        IntStream.range(slice.first, slice.end())
            .forEach(slot -> rows.add(new Row(slot, alignment.order(slot) >= slice.first)));
      }
    }
    return rows;
  }

  /** The row whose output guesses the first active token of the k-th call; the next ones follow. */
  int firstRow(int call) {
    if (oneStream) {
      return slices.get(call).first;
    }
    return clean + slices.stream().limit(call).mapToInt(Slice::count).sum();
  }

  /** Who sees whom. */
  AttentionPattern pattern() {
    if (oneStream) {
      return AttentionPattern.settledActive(context, 0, clean, 0);
    }
    if (slices.size() == 1) {
      return AttentionPattern.settledActive(context, 0, clean, slices.getFirst().count);
    }
    return AttentionPattern.trainingPairs(
        context,
        clean,
        slices.stream().mapToInt(Slice::first).toArray(),
        slices.stream().mapToInt(Slice::end).toArray());
  }
}
