package dev.anneal.evaluate;

import dev.anneal.attention.Alignment;
import dev.anneal.attention.AttentionPattern;
import dev.anneal.evaluate.Confidences.Guesses;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Reading;
import dev.anneal.model.Window;
import dev.anneal.objective.BoundEstimate;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The likelihood of a text by a model that fills masks, every token of the window looking at every
 * other. Whole sequences are scored, their first token too.
 *
 * <p>Its numbers do not depend on how many views go through the model at once, but for rounding.
 */
public final class MaskedLikelihood implements SequenceEstimator {
  private final Denoiser denoiser;
  private final Alignment alignment;
  private final Masking masking;
  private final Batch batch;
  private final Rng rng;

  /**
   * A measurement.
   *
   * @param denoiser which stays with whoever made it
   * @param alignment which output guesses which token
   * @param masking what is hidden
   * @param rng the same chance gives the same numbers
   * @throws IllegalArgumentException if the model does not guess tokens
   */
  public MaskedLikelihood(Denoiser denoiser, Alignment alignment, Masking masking, Rng rng) {
    this(
        denoiser,
        alignment,
        masking,
        rng,
        new Batch(BoundEstimate.together(denoiser, denoiser.length())));
  }

  /** The same, looking at so many views at once. */
  public MaskedLikelihood(
      Denoiser denoiser, Alignment alignment, Masking masking, Rng rng, Batch batch) {
    if (denoiser.reading() != Reading.GUESS) {
      throw new IllegalArgumentException(
          "masked likelihood of a model that gives scores: expected one that guesses tokens; its"
              + " exact bound can be measured");
    }
    this.denoiser = denoiser;
    this.alignment = alignment;
    this.masking = masking;
    this.batch = batch;
    this.rng = rng;
  }

  /** A view of one of the sequences. */
  private static final class Seen {
    private final int sequence;
    private final int[] ids;
    private final Masking.View view;

    Seen(int sequence, int[] ids, Masking.View view) {
      this.sequence = sequence;
      this.ids = ids;
      this.view = view;
    }
  }

  @Override
  public String described() {
    return masking.described();
  }

  /** {@inheritDoc} As many as have the views of one batch. */
  @Override
  public int together() {
    return Math.max(1, batch.size() / masking.views(denoiser.length()));
  }

  @Override
  public List<SequenceLoss> losses(int[][] sequences, int first) {
    var losses = new ArrayList<SequenceLoss>();
    var waiting = new ArrayList<Seen>();
    for (int i = 0; i < sequences.length; i++) {
      int[] ids = sequences[i];
      losses.add(SequenceLoss.ofLength(ids.length));
      for (int view = 0; view < masking.views(ids.length); view++) {
        waiting.add(new Seen(i, ids, masking.view(first + i, view, ids.length, rng)));
        if (waiting.size() == batch.size()) {
          add(waiting, losses);
          waiting.clear();
        }
      }
    }
    add(waiting, losses);
    return losses;
  }

  private void add(List<Seen> views, List<SequenceLoss> losses) {
    int asked = views.stream().mapToInt(seen -> seen.view.asked().cardinality()).sum();
    if (asked == 0) {
      return;
    }
    try (Scope scope = Scope.withoutGradient()) {
      Window window = window(views);
      int[] rows = new int[asked];
      int[] clean = new int[asked];
      int row = 0;
      for (int i = 0; i < views.size(); i++) {
        Seen seen = views.get(i);
        for (int at : seen.view.asked().stream().toArray()) {
          rows[row] = window.flat(i, at);
          clean[row++] = seen.ids[at];
        }
      }
      Tensor logits = denoiser.logits(window, KvCache.none(), rows).to(DType.FLOAT64);
      Tensor targets = Tensors.of(clean, asked).to(logits.device());
      double[] each = Nn.crossEntropy(logits, targets).toDoubles();
      Guesses guesses = Guesses.of(logits);
      row = 0;
      for (Seen seen : views) {
        SequenceLoss loss = losses.get(seen.sequence);
        for (int at : seen.view.asked().stream().toArray()) {
          loss.nats()[at] += each[row] * seen.view.weight();
          loss.confidences().add(guesses, row, clean[row++]);
        }
      }
    }
  }

  private Window window(List<Seen> views) {
    return new Window(
        views.stream().map(this::shown).toArray(int[][]::new),
        views.stream().map(seen -> places(seen.ids.length)).toArray(int[][]::new),
        views.stream()
            .map(seen -> AttentionPattern.everything(alignment.slots(seen.ids.length)))
            .toList(),
        0);
  }

  /** What each slot shows. */
  private int[] shown(Seen seen) {
    return IntStream.range(0, alignment.slots(seen.ids.length))
        .map(alignment::order)
        .map(
            token -> {
              if (token == Alignment.START) {
                return alignment.start();
              }
              return seen.view.hidden().get(token) ? denoiser.tokens() : seen.ids[token];
            })
        .toArray();
  }

  private int[] places(int length) {
    SettlingOrder order = SettlingOrder.prompt(length, 0);
    return IntStream.range(0, alignment.slots(length))
        .map(slot -> alignment.place(slot, order))
        .toArray();
  }
}
