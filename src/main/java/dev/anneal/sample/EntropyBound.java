package dev.anneal.sample;

import dev.anneal.recipe.Default;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;

/**
 * The entropy-bounded sampler (Ben-Hamu et al. 2025): lifts the surest masks as long as the
 * entropies of their guesses, without the largest, sum to at most a bound. That sum bounds how far
 * drawing them without regard to each other is from drawing them together.
 *
 * @param bound nats, at least 0; 0 lifts a mask at a time, and with it those that leave nothing
 *     open
 */
public record EntropyBound(@Default("0.1") double bound) implements Selective {

  /** Keeps the logarithm of a chance of 0 finite; its product with the chance is 0. */
  private static final double TINY = 1e-37;

  /** Checks the bound. */
  public EntropyBound {
    if (!(bound >= 0)) {
      throw new IllegalArgumentException("bound %s: expected nats from 0 up".formatted(bound));
    }
  }

  /** The entropy, in nats. */
  @Override
  public Tensor doubts(Tensor chances) {
    Tensor tiny = Tensors.scalar(TINY, chances.dtype(), chances.device());
    return chances.multiply(chances.add(tiny).log()).sum(1).multiply(-1);
  }

  @Override
  public int lifted(double[] doubts) {
    int count = 1;
    double below = doubts[0]; // what the sum is without the next, which is the largest
    while (count < doubts.length && below <= bound) {
      below += doubts[count];
      count++;
    }
    return count;
  }
}
