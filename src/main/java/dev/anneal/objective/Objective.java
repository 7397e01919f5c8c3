package dev.anneal.objective;

import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Reading;
import dev.anneal.model.Scores;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * What a network is judged by: nats for each noised token, never a mean. Who knows the denominator
 * takes the mean; over the draws of a {@link Noising}, the expected sum of the nats of a batch,
 * divided by its tokens, is nats per token.
 *
 * <p>A token whose weight is zero is not asked for, and costs no output row.
 */
public sealed interface Objective
    permits EpsilonCrossEntropy, NextToken, HybridBound, ScoreEntropy, Reconstruction {

  /** What it wants the network's outputs to mean. */
  default Reading reading() {
    return Reading.GUESS;
  }

  /**
   * The times it is to see the calls of a hyperschedule at.
   *
   * @param usual what a hyperschedule is usually seen at
   */
  default Noising.Times times(Noising.Times usual) {
    return usual;
  }

  /**
   * Refuses batches that are not noised as it needs.
   *
   * @throws IllegalArgumentException if they are not
   */
  default void requireFit(Noising noising) {}

  /** True if the token's nats can be other than zero. */
  boolean asks(NoisedRow row);

  /**
   * The weighted nats of each row.
   *
   * @param rows the rows that are asked for
   * @param outputs [row, vocab], logits or log-scores as {@link #reading} says
   * @return [row]
   */
  Tensor nats(List<NoisedRow> rows, Tensor outputs);

  /**
   * The sum of a batch's nats; absent if no token is asked for.
   *
   * @return a tensor without axes
   */
  default Optional<Tensor> sum(NoisedBatch batch, Denoiser denoiser) {
    var asked = batch.rows().stream().filter(this::asks).toList();
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    // The logits are the largest tensor of a step; the backward pass needs only what it keeps.
    try (Scope scope = Scope.open()) {
      return Optional.of(scope.keep(nats(asked, outputs(batch, asked, denoiser)).sum()));
    }
  }

  /**
   * What the network says of some rows, in the objective's reading.
   *
   * @return [row, vocab]
   */
  default Tensor outputs(NoisedBatch batch, List<NoisedRow> rows, Denoiser denoiser) {
    Tensor outputs = denoiser.logits(batch.window(), KvCache.none(), Rows.places(rows));
    return read(outputs, rows, denoiser.reading());
  }

  /**
   * What outputs say in the objective's reading.
   *
   * @param outputs [row, vocab]
   * @param given what they mean
   */
  default Tensor read(Tensor outputs, List<NoisedRow> rows, Reading given) {
    if (given == reading()) {
      return outputs;
    }
    int[] ids = rows.stream().mapToInt(NoisedRow::noised).toArray();
    var chances = rows.stream().map(row -> row.call().chances()).toList();
    return switch (reading()) {
      case GUESS -> Scores.guessLogits(outputs, ids, chances);
      case SCORE -> Scores.logScores(outputs, ids, chances);
    };
  }
}
