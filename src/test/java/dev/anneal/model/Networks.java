package dev.anneal.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Small networks whose guesses differ from row to row. */
public final class Networks {
  public static final TransformerShape SMALL = new TransformerShape(11, 2, 2, 16, 32);
  public static final TransformerShape CONDITIONED =
      conditioned(
          new Conditioning(8, 0.05, Conditioning.FinalLayer.MODULATED, Conditioning.Output.SCORE));
  public static final GptShape GPT = new GptShape(11, 2, 2, 16, 32);
  public static final List<Architecture> ALL = List.of(SMALL, CONDITIONED, GPT);

  private Networks() {}

  /** The small network, told the noise. */
  static TransformerShape conditioned(Conditioning conditioning) {
    return new TransformerShape(11, 2, 2, 16, 32, Optional.of(conditioning));
  }

  /** Initial weights moved at random, those of the output layer and the scales among them. */
  public static Parameters random(Architecture shape, long seed) {
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

  /** Random noise, finite and above 0. */
  static double[] randomSigmas(int rows, long seed) {
    Rng.Stream draws = new Rng(seed).stream(Rng.Purpose.TIME, 0, 0);
    return IntStream.range(0, rows).mapToDouble(row -> 0.01 + 5 * draws.uniform(row)).toArray();
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
