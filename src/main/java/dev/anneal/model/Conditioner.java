package dev.anneal.model;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Optional;

/**
 * Tells a network the noise of its rows, as a {@link Conditioning} says. Owns the frequencies of
 * the waves that stand for it.
 */
final class Conditioner implements AutoCloseable {
  /** Cosines and sines of σ that go into the embedding. */
  static final int FEATURES = 256;

  private static final double LONGEST_WAVE = 10_000;

  private final Conditioning conditioning;
  private final int tokens;
  private final Tensor frequencies; // [wave]
  private final Device device;
  private final Layer up;
  private final Layer down;
  private final Optional<Layer> finalModulation;

  Conditioner(Conditioning conditioning, int tokens, Parameters parameters) {
    this.conditioning = conditioning;
    this.tokens = tokens;
    up = Layer.of(parameters, "noise.up");
    down = Layer.of(parameters, "noise.down");
    device = up.weight().device();
    finalModulation = Layer.find(parameters, "output.modulation");
    try (Scope scope = Scope.withoutGradient()) {
      frequencies = Tensors.of(frequencies(), FEATURES / 2).to(device).detached();
    }
  }

  /** The noise of a call's rows, if the network asks for it: float32 [row]. */
  Optional<Tensor> asked(Call call) {
    return conditioning.output() == Conditioning.Output.GUESS
        ? Optional.empty()
        : Optional.of(call.sigmas());
  }

  /** What the network makes of it; without it, every row is clean. */
  Told tell(Call.Inputs inputs) {
    Tensor sigmas =
        inputs.sigmas().orElseGet(() -> Tensors.zeros(DType.FLOAT32, device, inputs.rows()));
    Tensor waves = Nn.cosinesAndSines(sigmas.unsqueeze(1).multiply(frequencies));
    Tensor embedding = Nn.silu(down.linear(Nn.silu(up.linear(waves))));
    return new Told(sigmas, embedding);
  }

  private static float[] frequencies() {
    int waves = FEATURES / 2;
    float[] frequencies = new float[waves];
    for (int k = 0; k < waves; k++) {
      frequencies[k] = (float) Math.pow(LONGEST_WAVE, -k / (double) waves);
    }
    return frequencies;
  }

  /** What a network is told of one call's noise. */
  final class Told {
    private final Tensor sigmas; // [row]
    private final Tensor embedding; // [row, conditioning]

    private Told(Tensor sigmas, Tensor embedding) {
      this.sigmas = sigmas;
      this.embedding = embedding;
    }

    /** The numbers that stand for each row's noise, [row, conditioning]. */
    Tensor embedding() {
      return embedding;
    }

    /**
     * Draws the rows' embeddings to the mask's, the more the noisier they are.
     *
     * @param own the tokens' embeddings, [row, channel]
     * @param mask the mask's, [channel]
     */
    Tensor mixed(Tensor own, Tensor mask) {
      if (conditioning.gamma() == 0) {
        return own;
      }
      Tensor kept = sigmas.multiply(-conditioning.gamma()).exp().unsqueeze(1);
      return mask.add(own.subtract(mask).multiply(kept));
    }

    /**
     * What the output head sees.
     *
     * @param normed the wanted rows, [row, channel]
     * @param rows their places in the call, int64 [row]
     */
    Tensor modulated(Tensor normed, Tensor rows) {
      if (finalModulation.isEmpty()) {
        return normed;
      }
      long channels = normed.size(1);
      Tensor noise = embedding.indexSelect(0, rows);
      Tensor all = finalModulation.get().linear(noise);
      return Modulation.shifted(
          normed, all.narrow(1, 0, channels), all.narrow(1, channels, channels));
    }
  }

  /** Whether the outputs are scores once they are {@link #scaled}. */
  boolean scales() {
    return conditioning.output() == Conditioning.Output.SCORE;
  }

  /**
   * Takes log(e^σ − 1) + log N off some rows' outputs, which makes them scores.
   *
   * @param outputs [row, vocab]
   * @param sigmas the noise of the token that each row guesses
   */
  Tensor scaled(Tensor outputs, double[] sigmas) {
    float[] scales = new float[sigmas.length];
    for (int row = 0; row < scales.length; row++) {
      scales[row] = (float) (Math.log(Math.expm1(sigmas[row])) + Math.log(tokens));
    }
    return outputs.subtract(Tensors.of(scales, scales.length, 1).to(device));
  }

  @Override
  public void close() {
    frequencies.close();
  }
}
