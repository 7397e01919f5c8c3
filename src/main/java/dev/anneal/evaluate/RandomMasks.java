package dev.anneal.evaluate;

import dev.anneal.tensor.Rng;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The bound of masked diffusion as papers quote it (MDLM, HDLM): each token is masked with chance
 * p, the masked ones cost −log x̂/p, and p is drawn evenly. The draws of a sequence lie on a grid
 * that is shifted as a whole: p = floor + (1 − floor) ((shift + view/draws) mod 1).
 *
 * <p>Nothing is scattered, also for models that were trained so, and all that is not masked is
 * seen.
 *
 * @param draws views of each sequence, at least 1
 */
public record RandomMasks(int draws) implements Masking {

  /** The least p, which published code has too: without it 1/p has no variance. */
  private static final double FLOOR = 1e-3;

  /** Checks the draws. */
  public RandomMasks {
    if (draws < 1) {
      throw new IllegalArgumentException("draws %d: expected at least 1".formatted(draws));
    }
  }

  @Override
  public String described() {
    return "masked, %d draws a sequence".formatted(draws);
  }

  @Override
  public int views(int length) {
    return draws;
  }

  @Override
  public View view(int sequence, int view, int length, Rng rng) {
    double shift = rng.uniform(Rng.Purpose.TIME, sequence, 0, 0);
    double share = FLOOR + (1 - FLOOR) * ((shift + (double) view / draws) % 1);
    Rng.Stream chance = rng.stream(Rng.Purpose.FATE, sequence, view);
    var masked = new BitSet(length);
    IntStream.range(0, length).filter(i -> chance.uniform(i) < share).forEach(masked::set);
    return new View(masked, masked, 1 / (share * draws));
  }
}
