package dev.anneal.evaluate;

import dev.anneal.tensor.Rng;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The bound of masked diffusion as papers quote it (MDLM, HDLM): each token is masked with chance
 * p, the masked ones cost −log x̂/p, and p is drawn evenly. The draws of a sequence lie in strata,
 * each at the same place of its own: t = floor + (1 − floor) (view + shift)/draws. From one
 * sequence to the next the shift goes on by the golden ratio, so that over all of them the times
 * are even.
 *
 * <p>Nothing is scattered, also for models that were trained so, and all that is not masked is
 * seen.
 *
 * @param draws views of each sequence, at least 1
 * @param survival the share of tokens that are shown even at t = 1: p = (1 − survival) t, though
 *     the weight stays 1/t; 0 but where published code has it
 */
public record RandomMasks(int draws, double survival) implements Masking {

  /** The least t, which published code has too: without it 1/t has no variance. */
  private static final double FLOOR = 1e-3;

  private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

  /** Where nothing survives. */
  public RandomMasks(int draws) {
    this(draws, 0);
  }

  /** Checks the numbers. */
  public RandomMasks {
    if (!(survival >= 0 && survival < 1)) {
      throw new IllegalArgumentException("survival %s: expected 0 … 1".formatted(survival));
    }
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
    double shift = (rng.uniform(Rng.Purpose.TIME, 0, 0, 0) + sequence * GOLDEN_RATIO) % 1;
    double time = FLOOR + (1 - FLOOR) * (view + shift) / draws;
    double share = (1 - survival) * time;
    Rng.Stream chance = rng.stream(Rng.Purpose.FATE, sequence, view);
    var masked = new BitSet(length);
    IntStream.range(0, length).filter(i -> chance.uniform(i) < share).forEach(masked::set);
    return new View(masked, masked, 1 / (time * draws));
  }
}
