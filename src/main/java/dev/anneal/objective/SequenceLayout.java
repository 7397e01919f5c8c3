package dev.anneal.objective;

import dev.anneal.attention.Alignment;
import dev.anneal.attention.AttentionPattern;
import dev.anneal.noise.Chances;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.Fate;
import dev.anneal.objective.NoisedRow.Call;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.tensor.Rng;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One sequence on its way into a training window.
 *
 * <p>Clean rows stand in the order in which they settle: the known ones first. What the calls count
 * are ranks among the unknown ones.
 */
final class SequenceLayout {
  private final Noising noising;
  private final int[] sequence;
  private final SettlingOrder order;
  private final CallDraw drawn;
  private final Slots slots;

  /**
   * A layout.
   *
   * @param noising how it is noised
   * @param sequence the clean tokens [position]
   * @param order which of them are known, and which settle when
   * @param drawn the calls it is seen in
   */
  SequenceLayout(Noising noising, int[] sequence, SettlingOrder order, CallDraw drawn) {
    noising.alignment().requireFit(order);
    this.noising = noising;
    this.sequence = sequence;
    this.order = order;
    this.drawn = drawn;
    this.slots = new Slots(noising, order, drawn.calls());
  }

  /**
   * A sequence laid out.
   *
   * @param cells its rows
   * @param pattern who sees whom
   * @param noised the active tokens, in the order of their calls
   */
  record Laid(List<Cell> cells, AttentionPattern pattern, List<NoisedRow> noised) {}

  /**
   * A row of the window.
   *
   * @param id what the network sees
   * @param place where in the text
   * @param sigma its noise, 0 if it is clean
   * @param guessed the noise of the token that its output guesses
   */
  record Cell(int id, int place, double sigma, double guessed) {}

  /** How many tokens are to learn from: those that are not known from the start. */
  int unknown() {
    return order.unknown();
  }

  /** How many rows there are. */
  int rows() {
    return slots.size();
  }

  /**
   * Noises the sequence.
   *
   * @param index its number in the batch
   * @param firstFlat the place of its first row in the window
   */
  Laid lay(int index, Noising.Draws draws, int firstFlat) {
    var calls = meanings();
    Fate[] fates =
        Corruption.fates(
            calls.stream().map(call -> call.map(Call::chances).orElse(Chances.CLEAN)).toList(),
            draws.stream(Rng.Purpose.FATE, index));
    int[] noised =
        noising.corruption().corrupt(sequence, fates, draws.stream(Rng.Purpose.REPLACEMENT, index));
    var cells = slots.rows().stream().map(row -> cell(row, calls, noised)).toList();
    return new Laid(cells, slots.pattern(), asked(calls, fates, noised, firstFlat));
  }

  private Cell cell(Slots.Row row, List<Optional<Call>> calls, int[] noised) {
    int place = noising.alignment().place(row.slot(), order);
    int token = noising.alignment().order(row.slot());
    double guessed = row.slot() < order.length() ? sigma(row.slot(), calls) : 0;
    if (token == Alignment.START) {
      return new Cell(noising.alignment().start(), place, 0, guessed);
    }
    int position = order.position(token);
    return row.active()
        ? new Cell(noised[position], place, sigma(token, calls), guessed)
        : new Cell(sequence[position], place, 0, guessed);
  }

  /** The noise of the token of an order in its call; 0 where none is drawn. */
  private double sigma(int token, List<Optional<Call>> calls) {
    return calls.get(order.position(token)).map(Call::sigma).orElse(0.0);
  }

  private List<NoisedRow> asked(
      List<Optional<Call>> calls, Fate[] fates, int[] noised, int firstFlat) {
    var asked = new ArrayList<NoisedRow>();
    for (int k = 0; k < drawn.calls().size(); k++) {
      int flat = firstFlat + slots.firstRow(k);
      Partition call = drawn.calls().get(k);
      for (int rank = call.settled(); rank < call.end(); rank++) {
        int at = position(rank);
        asked.add(
            new NoisedRow(
                flat++, at, sequence[at], noised[at], fates[at], calls.get(at).orElseThrow()));
      }
    }
    return asked;
  }

  /** What its call means for each token, [position]; absent where none is drawn. */
  private List<Optional<Call>> meanings() {
    var meanings =
        new ArrayList<Optional<Call>>(Collections.nCopies(sequence.length, Optional.empty()));
    for (Partition call : drawn.calls()) {
      for (int rank = call.settled(); rank < call.end(); rank++) {
        meanings.set(position(rank), Optional.of(meaning(call, rank)));
      }
    }
    return meanings;
  }

  private int position(int rank) {
    return order.position(order.known() + rank);
  }

  private Call meaning(Partition call, int rank) {
    int levels = noising.hyperschedule().levels();
    boolean last = call.levelAfter(rank) == 0;
    double before = call.timeBefore(rank);
    double time =
        switch (noising.times()) {
          case GRID -> before;
          case CONTINUOUS -> before - drawn.fraction() / levels;
          case AFTER -> call.timeAfter(rank);
        };
    double hazard =
        switch (noising.times()) {
          // A settled token is clean, also by a schedule in which time 0 is not quite.
          case GRID -> levels * ((last ? 1 : alpha(call.timeAfter(rank))) - alpha(time));
          case CONTINUOUS -> -noising.noise().schedule().alphaRate(time);
          case AFTER -> 0;
        };
    return new Call(noising.noise(), time, hazard / (1 - alpha(time)), last, levels, drawn.share());
  }

  private double alpha(double time) {
    return noising.noise().schedule().alpha(time);
  }
}
