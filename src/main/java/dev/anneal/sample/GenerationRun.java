package dev.anneal.sample;

import dev.anneal.noise.Chances;
import dev.anneal.noise.Fate;
import dev.anneal.schedule.Partition;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * One run of the {@link Generator}: its texts as they are, and how a step changes them. Several
 * runs of one model may take turns on the thread that owns its tensors, in any order: none sees the
 * others. Owns the keys and values that it keeps.
 */
public final class GenerationRun implements AutoCloseable {
  private final Request request;
  private final Guesser guesser;
  private final int mask;
  private final int[][] texts; // [sequence][position]
  private final Confidences confidences;
  private final long start = System.nanoTime();
  private int state;

  GenerationRun(Request request, Guesser guesser) {
    this.request = request;
    this.guesser = guesser;
    this.mask = guesser.realTokens();
    this.texts = new int[request.draft().sequences()][];
    this.confidences = new Confidences(request);
    this.state = request.draft().step();
    Arrays.setAll(texts, sequence -> request.draft().tokens(sequence, mask));
  }

  /** Whether all is settled, so that there is no step more. */
  public boolean isDone() {
    return state == request.steps();
  }

  /** Makes the next step. */
  public GenerationStep step() {
    if (isDone()) {
      throw new IllegalStateException("all is settled after step " + state);
    }
    int unknown = request.draft().order().unknown();
    GenerationStep made = make(request.decoding().hyperschedule().partition(state, unknown));
    state++;
    return made;
  }

  /** What has come of it so far; its time is that since the run began. */
  public Generation generation() {
    var time = Duration.ofNanos(System.nanoTime() - start);
    var copies = Arrays.stream(texts).map(int[]::clone).toList();
    return new Generation(copies, request.settled(state), guesser.calls(), time);
  }

  @Override
  public void close() {
    guesser.close();
  }

  /** Makes one step. Where nothing is to be drawn from a guess, the model is not called. */
  private GenerationStep make(Partition partition) {
    int[][] before = started(partition);
    int[][] after = copy(before);
    var plan = new Plan(request, partition, mask);
    for (int sequence = 0; sequence < after.length; sequence++) {
      plan.decide(sequence, after[sequence]);
    }
    int[][] seen = before;
    for (List<Pending> round : plan.rounds()) {
      draw(partition, round, seen, after);
      seen = copy(after);
    }
    var changes = new ArrayList<List<Change>>();
    for (int sequence = 0; sequence < after.length; sequence++) {
      changes.add(changes(partition, sequence, after[sequence]));
      texts[sequence] = after[sequence];
    }
    return new GenerationStep(request.draft().order(), partition, changes);
  }

  /**
   * The texts with what noise is there from the start, where a position becomes active: what {@link
   * dev.anneal.noise.Noise#prior} says.
   */
  private int[][] started(Partition partition) {
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

  private void draw(Partition partition, List<Pending> round, int[][] seen, int[][] after) {
    var present = round.stream().map(token -> seen[token.sequence()][token.position()]).toList();
    try (Scope scope = Scope.withoutGradient()) {
      Tensor logits = guesser.logits(partition, seen, round); // [row, vocab]
      Guess guess = request.decoding().choice().guess(logits);
      int[] tokens = new Drawing(round, present, mask).tokens(guess);
      BitSet drawn = drawn(round, logits);
      drawn.stream()
          .forEach(
              row -> after[round.get(row).sequence()][round.get(row).position()] = tokens[row]);
      confidences.note(drawn, round, tokens, guess);
    }
  }

  /** The rows of a round that are drawn, now that the guesses are seen. */
  private BitSet drawn(List<Pending> round, Tensor logits) {
    if (request.decoding().sampler() instanceof Selective selective) {
      return Selection.of(selective, round, Nn.softmax(logits.to(DType.FLOAT32)));
    }
    var all = new BitSet();
    all.set(0, round.size());
    return all;
  }

  private static int[][] copy(int[][] texts) {
    return Arrays.stream(texts).map(int[]::clone).toArray(int[][]::new);
  }

  private List<Change> changes(Partition partition, int sequence, int[] after) {
    var changes = new ArrayList<Change>();
    for (int rank = partition.settled(); rank < partition.end(); rank++) {
      int position = request.draft().position(rank);
      int before = texts[sequence][position];
      int id = after[position];
      int level = partition.levelAfter(rank);
      if (level == 0 || id != before) {
        Change.Kind kind = level == 0 ? Change.Kind.SETTLED : kind(before, id);
        var confidence = confidences.of(sequence, position, id);
        changes.add(new Change(position, id, kind, level, confidence));
      }
    }
    return changes;
  }

  private Change.Kind kind(int before, int after) {
    if (after == mask) {
      return Change.Kind.REMASKED;
    }
    return before == mask ? Change.Kind.PROVISIONAL : Change.Kind.REVISED;
  }
}
