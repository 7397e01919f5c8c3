package dev.anneal.sample;

import dev.anneal.noise.Chances;
import dev.anneal.noise.Fate;
import dev.anneal.schedule.Partition;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Tensor;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A step in the making: what it does is decided, and round by round it waits for the guesses to
 * draw from.
 */
final class OpenStep {
  private final Request request;
  private final Partition partition;
  private final int mask;
  private final int[][] after; // [sequence][position]
  private final List<List<Pending>> rounds;
  private int[][] seen; // [sequence][position]
  private int round;

  /** Decides on a step of some texts, which stay as they are. */
  OpenStep(Request request, Partition partition, int mask, int[][] texts) {
    this.request = request;
    this.partition = partition;
    this.mask = mask;
    this.seen = started(texts);
    this.after = copy(seen);
    var plan = new Plan(request, partition, mask);
    for (int sequence = 0; sequence < after.length; sequence++) {
      plan.decide(sequence, after[sequence]);
    }
    this.rounds = plan.rounds();
  }

  Partition partition() {
    return partition;
  }

  /** Whether nothing is left to be drawn from a guess. */
  boolean isMade() {
    return round == rounds.size();
  }

  /** The tokens that are drawn next. */
  List<Pending> pending() {
    return rounds.get(round);
  }

  /** The texts that their guesses are made of, [sequence][position]. */
  int[][] seen() {
    return seen;
  }

  /** The texts as far as they are drawn, [sequence][position]. */
  int[][] after() {
    return after;
  }

  /**
   * Draws the pending tokens, without a trace here: {@link #accept} writes them down.
   *
   * @param logits of their guesses, [pending, vocab]
   */
  List<DrawnToken> drawn(Tensor logits) {
    List<Pending> pending = pending();
    var present = pending.stream().map(token -> seen[token.sequence()][token.position()]).toList();
    Guess guess = request.decoding().choice().guess(logits);
    int[] ids = new Drawing(pending, present, mask).tokens(guess);
    double[] confidences = Confidences.of(request, ids, guess);
    return selected(pending, logits).stream()
        .mapToObj(
            row -> {
              Pending token = pending.get(row);
              return new DrawnToken(token.sequence(), token.position(), ids[row], confidences[row]);
            })
        .toList();
  }

  /** Goes on with what was {@link #drawn}. */
  void accept(List<DrawnToken> drawn) {
    for (DrawnToken token : drawn) {
      after[token.sequence()][token.position()] = token.id();
    }
    seen = copy(after);
    round++;
  }

  /** The rows of a round that are drawn, now that the guesses are seen. */
  private BitSet selected(List<Pending> pending, Tensor logits) {
    if (request.decoding().sampler() instanceof Selective selective) {
      return Selection.of(selective, pending, Nn.softmax(logits.to(DType.FLOAT32)));
    }
    var all = new BitSet();
    all.set(0, pending.size());
    return all;
  }

  /**
   * The texts with what noise is there from the start, where a position becomes active: what {@link
   * dev.anneal.noise.Noise#prior} says.
   */
  private int[][] started(int[][] texts) {
    int[][] started = copy(texts);
    Chances prior = request.decoding().noise().prior();
    for (int sequence = 0; sequence < started.length; sequence++) {
      Rng.Stream fates = request.stream(Rng.Purpose.FATE, sequence, partition);
      Rng.Stream replacements = request.stream(Rng.Purpose.REPLACEMENT, sequence, partition);
      for (int rank = partition.settled(); rank < partition.end(); rank++) {
        int position = request.draft().position(rank);
        boolean starts = partition.timeBefore(rank) == 1 && started[sequence][position] == mask;
        if (starts && prior.fate(fates.uniform(position)) == Fate.SCATTERED) {
          started[sequence][position] = replacements.below(mask, position);
        }
      }
    }
    return started;
  }

  private static int[][] copy(int[][] texts) {
    return Arrays.stream(texts).map(int[]::clone).toArray(int[][]::new);
  }
}
