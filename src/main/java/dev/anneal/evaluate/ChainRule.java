package dev.anneal.evaluate;

import dev.anneal.tensor.Rng;
import java.util.BitSet;

/**
 * A masked model read from left to right: each token is guessed with itself and all later ones
 * masked. Nothing is drawn, and it is −log p of that order of guessing. It takes a pass for each
 * token.
 */
public record ChainRule() implements Masking {

  @Override
  public String described() {
    return "chain rule";
  }

  @Override
  public int views(int length) {
    return length;
  }

  @Override
  public View view(int sequence, int view, int length, Rng rng) {
    var later = new BitSet(length);
    later.set(view, length);
    var next = new BitSet(length);
    next.set(view);
    return new View(later, next, 1);
  }
}
