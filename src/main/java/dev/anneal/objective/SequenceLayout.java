package dev.anneal.objective;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.noise.Chances;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.Fate;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One sequence on its way into a training window: {@code [clean ‖ noised slice ‖ noised slice …]},
 * a slice for each drawn call.
 *
 * <p>Clean rows stand in the order in which they settle: the known ones first. What the calls count
 * are ranks among the unknown ones.
 */
final class SequenceLayout {
  private final Noising noising;
  private final int[] sequence;
  private final SettlingOrder order;
  private final CallDraw drawn;
  private final List<Partition> calls;

  /**
   * A layout.
   *
   * @param noising how it is noised
   * @param sequence the clean tokens [position]
   * @param order which of them are known, and which settle when
   * @param drawn the calls it is seen in
   */
  SequenceLayout(Noising noising, int[] sequence, SettlingOrder order, CallDraw drawn) {
    this.noising = noising;
    this.sequence = sequence;
    this.order = order;
    this.drawn = drawn;
    this.calls = drawn.calls();
  }

  /** The tokens of the clean rows. */
  int[] cleanIds() {
    return IntStream.range(0, clean()).map(row -> sequence[order.position(row)]).toArray();
  }

  /** How many tokens are to learn from: those that are not known from the start. */
  int unknown() {
    return order.unknown();
  }

  /** How many clean rows there are: all that any slice looks at. */
  int clean() {
    return calls.isEmpty() ? 0 : order.known() + calls.getLast().settled();
  }

  /** How many rows there are. */
  int rows() {
    return clean() + calls.stream().mapToInt(Partition::active).sum();
  }

  /** Who sees whom. */
  AttentionPattern pattern() {
    if (calls.size() == 1) {
      Partition call = calls.getFirst();
      return AttentionPattern.settledActive(noising.context(), 0, clean(), call.active());
    }
    return AttentionPattern.trainingPairs(
        noising.context(),
        clean(),
        calls.stream().mapToInt(call -> order.known() + call.settled()).toArray(),
        calls.stream().mapToInt(call -> order.known() + call.end()).toArray());
  }

  /** The place in the text of each row. */
  int[] positions() {
    int[] positions = new int[rows()];
    int row = 0;
    for (int clean = clean(); row < clean; row++) {
      positions[row] = order.position(row);
    }
    for (Partition call : calls) {
      for (int rank = call.settled(); rank < call.end(); rank++) {
        positions[row++] = position(rank);
      }
    }
    return positions;
  }

  /** The active tokens under noise, in the order of their rows. */
  List<NoisedRow> noised(int index, Noising.Draws draws, int firstFlat) {
    var meanings = new NoisedRow.Call[sequence.length];
    var chances = new Chances[sequence.length];
    Arrays.fill(chances, Chances.CLEAN);
    for (Partition call : calls) {
      for (int rank = call.settled(); rank < call.end(); rank++) {
        NoisedRow.Call meaning = meaning(call, rank);
        meanings[position(rank)] = meaning;
        chances[position(rank)] = meaning.chances();
      }
    }
    Fate[] fates = Corruption.fates(Arrays.asList(chances), draws.stream(Rng.Purpose.FATE, index));
    int[] tokens =
        noising.corruption().corrupt(sequence, fates, draws.stream(Rng.Purpose.REPLACEMENT, index));
    var rows = new ArrayList<NoisedRow>();
    int flat = firstFlat + clean();
    for (Partition call : calls) {
      for (int rank = call.settled(); rank < call.end(); rank++) {
        int position = position(rank);
        rows.add(
            new NoisedRow(
                flat++, sequence[position], tokens[position], fates[position], meanings[position]));
      }
    }
    return rows;
  }

  private int position(int rank) {
    return order.position(order.known() + rank);
  }

  private NoisedRow.Call meaning(Partition call, int rank) {
    int levels = noising.hyperschedule().levels();
    boolean last = call.levelAfter(rank) == 0;
    double time = call.timeBefore(rank);
    double hazard;
    if (noising.times() == Noising.Times.GRID) {
      // A settled token is clean, also by a schedule in which time 0 is not quite.
      double after = last ? 1 : alpha(call.timeAfter(rank));
      hazard = levels * (after - alpha(time)) / (1 - alpha(time));
    } else {
      time -= drawn.fraction() / levels;
      hazard = -noising.noise().schedule().alphaRate(time) / (1 - alpha(time));
    }
    return new NoisedRow.Call(noising.noise(), time, hazard, last, levels, drawn.share());
  }

  private double alpha(double time) {
    return noising.noise().schedule().alpha(time);
  }
}
