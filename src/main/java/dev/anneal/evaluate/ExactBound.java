package dev.anneal.evaluate;

import dev.anneal.evaluate.Confidences.Guesses;
import dev.anneal.model.Denoiser;
import dev.anneal.noise.Fate;
import dev.anneal.objective.BoundEstimate;
import dev.anneal.objective.Noising;
import dev.anneal.objective.SequenceBound;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The exact bound of a model's own noise under a hyperschedule, {@link SequenceBound}. */
public final class ExactBound implements SequenceEstimator {
  private final SequenceBound bound;
  private final Noising noising;
  private final int together;

  /**
   * A bound.
   *
   * @param denoiser which stays with whoever made it
   * @param noising hyperschedule, noise and conventions
   * @param draws what is drawn
   * @param length tokens of the longest sequence
   */
  public ExactBound(Denoiser denoiser, Noising noising, SequenceBound.Draws draws, int length) {
    this(denoiser, noising, draws, new Batch(BoundEstimate.together(denoiser, length)));
  }

  /** The same, measuring so many sequences together. */
  public ExactBound(Denoiser denoiser, Noising noising, SequenceBound.Draws draws, Batch batch) {
    this.bound = new SequenceBound(denoiser, noising, draws);
    this.noising = noising;
    this.together = batch.size();
  }

  @Override
  public String described() {
    return noising.hyperschedule().described();
  }

  @Override
  public int together() {
    return together;
  }

  @Override
  public List<SequenceLoss> losses(int[][] sequences, int first) {
    var losses = new ArrayList<SequenceLoss>();
    for (int[] ids : sequences) {
      var loss = SequenceLoss.ofLength(ids.length);
      Arrays.fill(loss.nats(), bound.constant());
      losses.add(loss);
    }
    bound.measure(sequences, first, costs -> add(costs, losses));
    return losses;
  }

  private static void add(SequenceBound.Costs costs, List<SequenceLoss> losses) {
    for (int row = 0; row < costs.count(); row++) {
      losses.get(costs.sequence(row)).nats()[costs.token(row).position()] += costs.nats(row);
    }
    int[] masked =
        IntStream.range(0, costs.count())
            .filter(row -> costs.token(row).fate() == Fate.MASKED)
            .toArray();
    if (masked.length > 0) {
      Guesses guesses = Guesses.of(costs.guesses());
      for (int row : masked) {
        losses.get(costs.sequence(row)).confidences().add(guesses, row, costs.token(row).clean());
      }
    }
  }
}
