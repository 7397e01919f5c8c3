package dev.anneal.objective;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.noise.Chances;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.Fate;
import dev.anneal.schedule.Partition;
import dev.anneal.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One sequence on its way into a training window: {@code [clean ‖ noised slice ‖ noised slice …]},
 * a slice for each drawn call.
 */
final class SequenceLayout {
  private final Noising noising;
  private final int[] sequence;
  private final List<Partition> calls;
  private final double fraction;
  private final double share;

  /**
   * A layout.
   *
   * @param noising how it is noised
   * @param sequence the clean tokens [position]
   * @param calls the drawn calls, which share no active token
   * @param fraction where in its step of time each call is seen, in [0, 1)
   * @param share see {@link NoisedRow.Call}
   */
  SequenceLayout(
      Noising noising, int[] sequence, List<Partition> calls, double fraction, double share) {
    this.noising = noising;
    this.sequence = sequence;
    this.calls = calls;
    this.fraction = fraction;
    this.share = share;
  }

  /** The clean tokens. */
  int[] sequence() {
    return sequence;
  }

  /** How many clean rows there are: all that any slice looks at. */
  int clean() {
    return calls.isEmpty() ? 0 : calls.getLast().settled();
  }

  /** How many rows there are. */
  int rows() {
    return clean() + calls.stream().mapToInt(Partition::active).sum();
  }

  /** Who sees whom. */
  AttentionPattern pattern() {
    if (calls.size() == 1) {
      Partition call = calls.getFirst();
      return AttentionPattern.settledActive(noising.context(), 0, call.settled(), call.active());
    }
    return AttentionPattern.trainingPairs(
        noising.context(),
        clean(),
        calls.stream().mapToInt(Partition::settled).toArray(),
        calls.stream().mapToInt(Partition::end).toArray());
  }

  /** The place in the text of each row. */
  int[] positions() {
    int[] positions = new int[rows()];
    int row = 0;
    for (int position = 0; position < clean(); position++) {
      positions[row++] = position;
    }
    for (Partition call : calls) {
      for (int position = call.settled(); position < call.end(); position++) {
        positions[row++] = position;
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
      for (int position = call.settled(); position < call.end(); position++) {
        meanings[position] = meaning(call, position);
        chances[position] = meanings[position].chances();
      }
    }
    Fate[] fates = Corruption.fates(Arrays.asList(chances), draws.stream(Rng.Purpose.FATE, index));
    int[] tokens =
        noising.corruption().corrupt(sequence, fates, draws.stream(Rng.Purpose.REPLACEMENT, index));
    var rows = new ArrayList<NoisedRow>();
    int flat = firstFlat + clean();
    for (Partition call : calls) {
      for (int position = call.settled(); position < call.end(); position++) {
        rows.add(
            new NoisedRow(
                flat++, sequence[position], tokens[position], fates[position], meanings[position]));
      }
    }
    return rows;
  }

  private NoisedRow.Call meaning(Partition call, int position) {
    int levels = noising.hyperschedule().levels();
    boolean last = call.levelAfter(position) == 0;
    double time = call.timeBefore(position);
    double hazard;
    if (noising.times() == Noising.Times.GRID) {
      // A settled token is clean, also by a schedule in which time 0 is not quite.
      double after = last ? 1 : alpha(call.timeAfter(position));
      hazard = levels * (after - alpha(time)) / (1 - alpha(time));
    } else {
      time -= fraction / levels;
      hazard = -noising.noise().schedule().alphaRate(time) / (1 - alpha(time));
    }
    return new NoisedRow.Call(noising.noise().at(time), hazard, last, levels, share);
  }

  private double alpha(double time) {
    return noising.noise().schedule().alpha(time);
  }
}
