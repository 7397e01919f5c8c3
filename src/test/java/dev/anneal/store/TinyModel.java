package dev.anneal.store;

import dev.anneal.attention.CausalContext;
import dev.anneal.data.Tokenizers;
import dev.anneal.model.Parameters;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.Noise;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;

/** A model folder of a small network with random weights, whose tokens are bytes. */
public final class TinyModel {
  private static final int TOKENS = 257;
  private static final int CHANNELS = 16;

  private TinyModel() {}

  /**
   * Writes it.
   *
   * @param folder that does not exist yet
   * @param length the longest text
   * @param noise what it is said to undo
   */
  public static void save(Path folder, int length, Noise noise) throws IOException {
    var shape = new TransformerShape(TOKENS, 1, 2, CHANNELS, length);
    try (Parameters parameters = Parameters.initial(shape, new Rng(1));
        Scope scope = Scope.withoutGradient()) {
      // A fresh output layer is zero, and would guess every token alike.
      var draws = new Rng(2).stream(Rng.Purpose.WEIGHTS, 0, 0);
      float[] output = new float[shape.vocabulary() * CHANNELS];
      for (int i = 0; i < output.length; i++) {
        output[i] = (float) draws.uniform(i);
      }
      parameters.get("output.weight").copy_(Tensors.of(output, shape.vocabulary(), CHANNELS));
      Model.save(
          folder,
          new ModelConfig(shape, new CausalContext(), noise),
          Tokenizers.named("byte"),
          new Model.Weights(parameters, ElementType.F32),
          "# test\n");
    }
  }
}
