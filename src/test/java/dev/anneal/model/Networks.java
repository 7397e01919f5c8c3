package dev.anneal.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;

/** Small networks whose guesses differ from row to row. */
final class Networks {
  static final TransformerShape SMALL = new TransformerShape(11, 2, 2, 16, 32);

  private Networks() {}

  /** Initial weights moved at random, those of the output layer and the scales among them. */
  static Parameters random(TransformerShape shape, long seed) {
    Parameters parameters = Parameters.initial(shape, new Rng(seed));
    int number = 0;
    try (Scope scope = Scope.withoutGradient()) {
      for (Tensor tensor : parameters.all().values()) {
        Rng.Stream draws = new Rng(seed).stream(Rng.Purpose.TOKEN, number++, 0);
        float[] moves = new float[(int) tensor.count()];
        for (int i = 0; i < moves.length; i++) {
          moves[i] = (float) (draws.uniform(i) - 0.5);
        }
        tensor.copy_(tensor.add(Tensors.of(moves, tensor.shape())));
      }
    }
    return parameters;
  }

  /** Random tokens, the mask among them, [sequence][row]. */
  static int[][] randomIds(int sequences, int rows, long seed) {
    int[][] ids = new int[sequences][rows];
    for (int i = 0; i < sequences; i++) {
      Rng.Stream draws = new Rng(seed).stream(Rng.Purpose.TOKEN, i, 1);
      for (int row = 0; row < rows; row++) {
        ids[i][row] = draws.below(SMALL.vocabulary(), row);
      }
    }
    return ids;
  }

  /** The largest distance of two numbers in the same place. */
  static double largestDifference(double[] first, double[] second) {
    assertThat(first).hasSameSizeAs(second);
    double largest = 0;
    for (int i = 0; i < first.length; i++) {
      largest = Math.max(largest, Math.abs(first[i] - second[i]));
    }
    return largest;
  }
}
