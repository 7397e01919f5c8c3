package dev.anneal.cli;

import dev.anneal.attention.SettledContext;
import dev.anneal.data.Tokenizers;
import dev.anneal.model.Parameters;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Linear;
import dev.anneal.store.ElementType;
import dev.anneal.store.Model;
import dev.anneal.store.ModelConfig;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.file.Path;

/** Models that guess every one of 257 bytes alike, of length 32. */
final class EvenModel {
  private static final TransformerShape SHAPE = new TransformerShape(257, 1, 2, 16, 32);

  private EvenModel() {}

  static Path save(Path folder, SettledContext context) throws IOException {
    try (Parameters parameters = Parameters.initial(SHAPE, new Rng(1))) {
      Model.save(
          folder,
          new ModelConfig(SHAPE, context, new Noise(new EpsilonHybrid(0.01), new Linear())),
          Tokenizers.named("byte"),
          new Model.Weights(parameters, ElementType.F32),
          "# test\n");
    }
    return folder;
  }
}
