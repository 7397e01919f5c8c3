package dev.anneal.sample;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.SettledContext;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** One run of the {@link Generator}: its texts as they are, and how a step changes them. */
final class GenerationRun {
  private final Denoiser denoiser;
  private final Request request;
  private final KvCache cache;
  private final SettlingOrder order;
  private final int mask;
  private final int[][] texts; // [sequence][position]
  private int calls;

  GenerationRun(Denoiser denoiser, Request request, KvCache cache) {
    this.denoiser = denoiser;
    this.request = request;
    this.cache = cache;
    this.order = request.draft().order();
    this.mask = denoiser.tokens();
    this.texts = new int[request.draft().sequences()][];
    Arrays.setAll(texts, sequence -> request.draft().tokens(sequence, mask));
  }

  /** The tokens as they are, [position], of each text. */
  List<int[]> texts() {
    return List.of(texts);
  }

  /** How often the model was called. */
  int calls() {
    return calls;
  }

  /**
   * Makes one step. The model is not told the time, so where nothing is to be drawn it need not be
   * called.
   */
  GenerationStep make(Partition partition) {
    var plan = new Plan(request, partition, denoiser.tokens());
    int[][] next = Arrays.stream(texts).map(int[]::clone).toArray(int[][]::new);
    for (int sequence = 0; sequence < next.length; sequence++) {
      plan.decide(sequence, next[sequence]);
    }
    if (!plan.draws().isEmpty()) {
      int[] guessed = guess(partition, plan.draws());
      for (int i = 0; i < guessed.length; i++) {
        Plan.Draw draw = plan.draws().get(i);
        next[draw.sequence()][draw.position()] = guessed[i];
      }
    }
    var changes = new ArrayList<List<Change>>();
    for (int sequence = 0; sequence < next.length; sequence++) {
      changes.add(changes(partition, texts[sequence], next[sequence]));
      texts[sequence] = next[sequence];
    }
    return new GenerationStep(order, partition, changes);
  }

  private int[] guess(Partition partition, List<Plan.Draw> draws) {
    Window window = window(partition);
    int[] rows = new int[draws.size()];
    double[] chances = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      Plan.Draw draw = draws.get(i);
      int row = order.order(draw.position()) - window.cached();
      rows[i] = window.flat(draw.sequence(), row);
      chances[i] = draw.chance();
    }
    calls++;
    Tensor logits = denoiser.logits(window, cache, rows); // [row, vocab]
    return request.decoding().choice().choose(logits, chances);
  }

  /** What the call sees: {@code [settled but not cached ‖ active]}, in settling order. */
  private Window window(Partition partition) {
    SettledContext context = request.decoding().context();
    int cached = cache.settled();
    int settled = order.known() + partition.settled();
    var pattern = AttentionPattern.settledActive(context, cached, settled, partition.active());
    int[] positions = new int[pattern.rows()];
    Arrays.setAll(positions, row -> order.position(cached + row));
    int[][] ids = new int[texts.length][pattern.rows()];
    for (int sequence = 0; sequence < ids.length; sequence++) {
      int[] text = texts[sequence];
      Arrays.setAll(ids[sequence], row -> text[positions[row]]);
    }
    double[] sigmas = new double[pattern.rows()]; // 0 for the settled
    for (int rank = partition.settled(); rank < partition.end(); rank++) {
      sigmas[order.known() + rank - cached] =
          request.decoding().noise().schedule().sigma(partition.timeBefore(rank));
    }
    return new Window(
        ids,
        Collections.nCopies(texts.length, positions).toArray(int[][]::new),
        Collections.nCopies(texts.length, sigmas).toArray(double[][]::new),
        Collections.nCopies(texts.length, pattern),
        context.cacheable(settled) - cached);
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
