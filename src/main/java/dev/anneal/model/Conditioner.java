package dev.anneal.model;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Optional;

/** Tells a network the noise of its rows, as a {@link Conditioning} says. */
final class Conditioner {
  /** Cosines and sines of σ that go into the embedding. */
  static final int FEATURES = 256;

  private static final double LONGEST_WAVE = 10_000;

  private final Conditioning conditioning;
  private final int tokens;
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
  }

  /** The noise of one window. */
  Told tell(Window window) {
    Tensor sigmas =
        conditioning.output() == Conditioning.Output.GUESS
            ? Tensors.zeros(DType.FLOAT32, device, window.batch(), window.width())
            : window.sigmaTensor().to(device);
    Tensor waves = Nn.cosinesAndSines(sigmas.unsqueeze(2).multiply(frequencies().to(device)));
    Tensor embedding = Nn.silu(down.linear(Nn.silu(up.linear(waves))));
    return new Told(window, sigmas, embedding);
  }

  private static Tensor frequencies() {
    int waves = FEATURES / 2;
    float[] frequencies = new float[waves];
    for (int k = 0; k < waves; k++) {
      frequencies[k] = (float) Math.pow(LONGEST_WAVE, -k / (double) waves);
    }
    return Tensors.of(frequencies, waves);
  }

  /** What a network is told of one window's noise. */
  final class Told {
    private final Window window;
    private final Tensor sigmas; // [batch, width]
    private final Tensor embedding; // [batch, width, conditioning]

    private Told(Window window, Tensor sigmas, Tensor embedding) {
      this.window = window;
      this.sigmas = sigmas;
      this.embedding = embedding;
    }

    /** The numbers that stand for each row's noise, [batch, width, conditioning]. */
    Tensor embedding() {
      return embedding;
    }

    /**
     * Draws the rows' embeddings to the mask's, the more the noisier they are.
     *
     * @param own the tokens' embeddings, [batch, width, channel]
     * @param mask the mask's, [channel]
     */
    Tensor mixed(Tensor own, Tensor mask) {
      if (conditioning.gamma() == 0) {
        return own;
      }
      Tensor kept = sigmas.multiply(-conditioning.gamma()).exp().unsqueeze(2);
      return mask.add(own.subtract(mask).multiply(kept));
    }

    /**
     * What the output head sees.
     *
     * @param normed the wanted rows, [row, channel]
     * @param rows their places in the window, int64 [row]
     */
    Tensor modulated(Tensor normed, Tensor rows) {
      if (finalModulation.isEmpty()) {
        return normed;
      }
      long channels = normed.size(1);
      Tensor noise = embedding.reshape(-1, conditioning.width()).indexSelect(0, rows);
      Tensor all = finalModulation.get().linear(noise);
      return Modulation.shifted(
          normed, all.narrow(1, 0, channels), all.narrow(1, channels, channels));
    }

    /**
     * Takes log(e^σ − 1) + log N off the wanted rows' outputs, where that makes them scores; σ is
     * the noise of the token that an output guesses.
     *
     * @param outputs [row, vocab]
     * @param rows their places in the window
     */
    Tensor scaled(Tensor outputs, int[] rows) {
      if (conditioning.output() != Conditioning.Output.SCORE) {
        return outputs;
      }
      float[] scales = new float[rows.length];
      for (int i = 0; i < rows.length; i++) {
        scales[i] = (float) (Math.log(Math.expm1(window.guessedSigma(rows[i]))) + Math.log(tokens));
      }
      return outputs.subtract(Tensors.of(scales, rows.length, 1).to(device));
    }
  }
}
