package dev.anneal.sample;

import dev.anneal.model.Denoiser;
import dev.anneal.model.Reading;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.noise.StartScatter;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.List;

/**
 * Makes the guesses of real tokens that are weighed those of the noise. The losses of the ε-hybrid
 * weigh kept and scattered tokens alike, so that the network takes half of all tokens for
 * scattered; the noise has scattered the share ε. (docs/math.md, "What the guess of a real token
 * means")
 *
 * @param odds by how much the token that is there gains on every other
 */
record Trust(double odds) {

  /** What a model's guesses need; odds of 1 where they are those of the noise already. */
  static Trust of(Denoiser denoiser, NoiseProcess process) {
    return denoiser.reading() == Reading.GUESS
        ? StartScatter.of(process)
            .filter(scatter -> scatter.epsilon() > 0) // else a real token is never weighed
            .map(scatter -> new Trust(scatter.trust(denoiser.tokens())))
            .orElse(new Trust(1))
        : new Trust(1);
  }

  /**
   * The logits of such guesses.
   *
   * @param logits as the model gives them, [row, vocab]
   * @param wanted the token of each row
   * @param texts what stands there, [sequence][position]
   */
  Tensor in(Tensor logits, List<Pending> wanted, int[][] texts) {
    if (odds == 1 || wanted.stream().noneMatch(Pending::weighs)) {
      return logits;
    }
    int[] ids = new int[wanted.size()];
    double[] gains = new double[ids.length];
    for (int row = 0; row < ids.length; row++) {
      Pending token = wanted.get(row);
      if (token.weighs()) {
        ids[row] = texts[token.sequence()][token.position()];
        gains[row] = Math.log(odds);
      }
    }
    Tensor index = Tensors.of(ids, ids.length, 1).to(logits.device());
    Tensor gain = Tensors.of(gains, ids.length, 1).to(logits.dtype()).to(logits.device());
    return Nn.replaceOne(logits, index, logits.gather(1, index).add(gain));
  }
}
