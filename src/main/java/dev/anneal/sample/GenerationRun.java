package dev.anneal.sample;

import dev.anneal.noise.Shares;
import dev.anneal.schedule.Partition;
import dev.anneal.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One run of the {@link Generator}: its texts as they are, and how a step changes them. */
final class GenerationRun {
  private final Request request;
  private final Guesser guesser;
  private final int mask;
  private final int[][] texts; // [sequence][position]

  GenerationRun(Request request, Guesser guesser) {
    this.request = request;
    this.guesser = guesser;
    this.mask = guesser.realTokens();
    this.texts = new int[request.draft().sequences()][];
    Arrays.setAll(texts, sequence -> request.draft().tokens(sequence, mask));
  }

  /** The tokens as they are, [position], of each text. */
  List<int[]> texts() {
    return List.of(texts);
  }

  /** Makes one step. Where nothing is to be drawn from a guess, the model is not called. */
  GenerationStep make(Partition partition) {
    int[][] after = copy(texts);
    var plan = new Plan(request, partition, mask);
    for (int sequence = 0; sequence < after.length; sequence++) {
      plan.decide(sequence, after[sequence]);
    }
    if (!plan.pending().isEmpty()) {
      draw(partition, plan.pending(), after);
    }
    var changes = new ArrayList<List<Change>>();
    for (int sequence = 0; sequence < after.length; sequence++) {
      changes.add(changes(partition, texts[sequence], after[sequence]));
      texts[sequence] = after[sequence];
    }
    return new GenerationStep(request.draft().order(), partition, changes);
  }

  private void draw(Partition partition, List<Pending> pending, int[][] after) {
    try (Scope scope = Scope.withoutGradient()) {
      Guess guess = request.decoding().choice().guess(guesser.logits(partition, texts, pending));
      double[] draws = new double[pending.size()];
      for (int i = 0; i < draws.length; i++) {
        Shares shares = pending.get(i).shares();
        draws[i] = shares.withinGuess(pending.get(i).chance());
      }
      int[] drawn = guess.draw(draws);
      for (int i = 0; i < drawn.length; i++) {
        after[pending.get(i).sequence()][pending.get(i).position()] = drawn[i];
      }
    }
  }

  private static int[][] copy(int[][] texts) {
    return Arrays.stream(texts).map(int[]::clone).toArray(int[][]::new);
  }

  private List<Change> changes(Partition partition, int[] before, int[] after) {
    var changes = new ArrayList<Change>();
    for (int rank = partition.settled(); rank < partition.end(); rank++) {
      int position = request.draft().position(rank);
      int id = after[position];
      if (partition.levelAfter(rank) == 0) {
        changes.add(new Change(position, id, Change.Kind.SETTLED));
      } else if (id != before[position]) {
        boolean lifted = before[position] == mask;
        changes.add(
            new Change(position, id, lifted ? Change.Kind.PROVISIONAL : Change.Kind.REVISED));
      }
    }
    return changes;
  }
}
