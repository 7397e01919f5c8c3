package dev.anneal.objective;

import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Reading;
import dev.anneal.model.Scores;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import java.util.List;

/**
 * The exact bound on a text, token by token, estimated by drawing calls at levels that are
 * stratified over the draws of a sequence and over all sequences. For a network that guesses, under
 * the ε family, it is that of the calls as they are made ({@link HybridBound}); else that of the
 * process in continuous time ({@link ScoreEntropy}), with what the prior and the start cost.
 *
 * <p>What a sequence costs follows from its number, the draws and the number of sequences, and not
 * from those that it is measured with.
 */
public final class SequenceBound {

  /**
   * Outputs that are looked at together: 4 MB of them, and so many again of what is made of them.
   */
  private static final int PORTION = 1 << 19;

  private final Denoiser denoiser;
  private final Bound bound;
  private final Draws draws;
  private final int portion;

  /**
   * What is drawn.
   *
   * @param rng the same chance gives the same costs
   * @param sequences how many the text has
   * @param each how many times calls are drawn for each of them
   */
  public record Draws(Rng rng, int sequences, int each) {

    /** Checks the numbers. */
    public Draws {
      if (sequences < 1 || each < 1) {
        throw new IllegalArgumentException(
            "draws %d of %d sequences: expected at least 1 of each".formatted(each, sequences));
      }
    }
  }

  /** Hears of the costs. */
  @FunctionalInterface
  public interface Listener {

    /** Some tokens of the sequences; called several times, and only while they are measured. */
    void onTokens(Costs costs);
  }

  /** What some tokens cost. */
  public static final class Costs {
    private final List<NoisedRow> rows;
    private final int width;
    private final double[] nats;
    private final Tensor outputs;
    private final Reading reading;

    /**
     * Costs.
     *
     * @param rows the tokens
     * @param width of the window they stand in
     * @param nats of each row
     * @param outputs what the network says, [row, vocab], as the reading says
     */
    private Costs(List<NoisedRow> rows, int width, double[] nats, Tensor outputs, Reading reading) {
      this.rows = rows;
      this.width = width;
      this.nats = nats;
      this.outputs = outputs;
      this.reading = reading;
    }

    /** How many tokens. */
    public int count() {
      return nats.length;
    }

    /** One of the tokens. */
    public NoisedRow token(int row) {
      return rows.get(row);
    }

    /** The place of its sequence in the batch. */
    public int sequence(int row) {
      return rows.get(row).flat() / width;
    }

    /** What it costs; the sum over all draws is what the sequence costs. */
    public double nats(int row) {
      return nats[row];
    }

    /** The logits of the guesses, [row, vocab]. */
    public Tensor guesses() {
      return switch (reading) {
        case GUESS -> outputs;
        case SCORE ->
            Scores.guessLogits(
                outputs,
                rows.stream().mapToInt(NoisedRow::noised).toArray(),
                rows.stream().map(row -> row.call().chances()).toList());
      };
    }
  }

  /**
   * A bound.
   *
   * @param denoiser which stays with whoever made it
   * @param noising hyperschedule, noise and conventions; its times and infill do not matter
   */
  public SequenceBound(Denoiser denoiser, Noising noising, Draws draws) {
    this(denoiser, noising, draws, PORTION);
  }

  /** The same, looking at so many outputs together; a row is looked at whole. */
  SequenceBound(Denoiser denoiser, Noising noising, Draws draws, int portion) {
    this.portion = Math.max(1, portion / denoiser.tokens());
    this.denoiser = denoiser;
    this.bound = Bound.of(noising, denoiser.reading());
    this.draws = draws;
  }

  /** What every token costs beside its rows, in nats: that generation starts from the prior. */
  public double constant() {
    return bound.constant();
  }

  /**
   * Measures successive sequences.
   *
   * @param sequences real tokens, [batch][position]
   * @param first the number of the first of them in the text
   */
  public void measure(int[][] sequences, int first, Listener listener) {
    int total = Math.multiplyExact(draws.sequences, draws.each);
    for (int draw = 0; draw < draws.each; draw++) {
      for (int part = 0; part < bound.parts().size(); part++) {
        var chance = new Noising.Draws(draws.rng, part, first + draw * draws.sequences, total);
        try (Scope scope = Scope.withoutGradient()) {
          measure(bound.parts().get(part), sequences, chance, listener);
        }
      }
    }
  }

  private void measure(
      Bound.Part part, int[][] sequences, Noising.Draws chance, Listener listener) {
    Objective objective = part.objective();
    NoisedBatch batch = part.noising().draw(sequences, chance, part.seen());
    List<NoisedRow> asked = batch.rows().stream().filter(objective::asks).toList();
    if (asked.isEmpty()) {
      return;
    }
    Tensor outputs = denoiser.logits(batch.window(), KvCache.none(), Rows.places(asked));
    for (int from = 0; from < asked.size(); from += portion) {
      List<NoisedRow> rows = asked.subList(from, Math.min(from + portion, asked.size()));
      try (Scope scope = Scope.open()) {
        Tensor own = outputs.narrow(0, from, rows.size()).to(DType.FLOAT64);
        listener.onTokens(costs(objective, batch, rows, own));
      }
    }
  }

  private Costs costs(
      Objective objective, NoisedBatch batch, List<NoisedRow> rows, Tensor outputs) {
    Tensor read = objective.read(outputs, rows, denoiser.reading());
    double[] nats = objective.nats(rows, read).toDoubles();
    for (int row = 0; row < nats.length; row++) {
      nats[row] /= draws.each;
    }
    return new Costs(rows, batch.window().width(), nats, read, objective.reading());
  }
}
