package dev.anneal.sample;

import dev.anneal.recipe.Default;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;

/**
 * Lifts the masks whose likeliest token has at least a given chance (Fast-dLLM, Wu et al. 2025).
 *
 * @param threshold in [0, 1]: 1 lifts a mask at a time, 0 lifts all at once
 */
public record Confidence(@Default("0.9") double threshold) implements Selective {

  /** Checks the threshold. */
  public Confidence {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException("threshold %s is outside 0 … 1".formatted(threshold));
    }
  }

  /** One minus the largest chance. */
  @Override
  public Tensor doubts(Tensor chances) {
    Tensor largest = chances.gather(1, chances.argmax(1).unsqueeze(1)).reshape(-1);
    return Tensors.scalar(1, largest.dtype(), largest.device()).subtract(largest);
  }

  @Override
  public int lifted(double[] doubts) {
    int sure = 1;
    while (sure < doubts.length && doubts[sure] <= 1 - threshold) {
      sure++;
    }
    return sure;
  }
}
