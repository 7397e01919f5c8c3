package dev.anneal.noise;

import dev.anneal.tensor.Rng;
import java.util.List;

/**
 * Puts noise on the tokens of a sequence, each position by its own chances.
 *
 * <p>One draw decides a position's fate, another the token that a scatter puts there. Both belong
 * to the position: two processes with the same chance of a mask mask the same positions, and the
 * noise of a position does not depend on its neighbours.
 *
 * @param realTokens N: the real tokens are 0 … N − 1, all of which a scatter may hit
 * @param mask the id of the mask, not one of the real tokens
 */
public record Corruption(int realTokens, int mask) {

  public Corruption {
    if (realTokens < 1) {
      throw new IllegalArgumentException(
          "realTokens is %d; expected at least 1".formatted(realTokens));
    }
    if (mask >= 0 && mask < realTokens) {
      throw new IllegalArgumentException(
          "mask is %d, a real token; expected an id outside 0 to %d"
              .formatted(mask, realTokens - 1));
    }
  }

  /**
   * The fate of each position.
   *
   * @param chances the chances of each position's state, [position]; {@link Chances#CLEAN} where
   *     the token is to stay
   * @param draws chance indexed by position
   * @return [position]
   */
  public static Fate[] fates(List<Chances> chances, Rng.Stream draws) {
    Fate[] fates = new Fate[chances.size()];
    for (int position = 0; position < fates.length; position++) {
      fates[position] = chances.get(position).fate(draws.uniform(position));
    }
    return fates;
  }

  /**
   * The noised tokens of a clean sequence.
   *
   * @param tokens real tokens, [position]; left as they are
   * @param fates the fate of each, [position]
   * @param draws chance indexed by position, independent of the fates
   * @return real tokens and masks, [position]
   * @throws IllegalArgumentException when the lengths differ or a token is not real
   */
  public int[] corrupt(int[] tokens, Fate[] fates, Rng.Stream draws) {
    if (fates.length != tokens.length) {
      throw new IllegalArgumentException(
          "%d fates for %d tokens; expected one each".formatted(fates.length, tokens.length));
    }
    int[] noised = new int[tokens.length];
    for (int position = 0; position < tokens.length; position++) {
      requireReal(tokens[position], position);
      noised[position] =
          switch (fates[position]) {
            case KEPT -> tokens[position];
            case SCATTERED -> draws.below(realTokens, position);
            case MASKED -> mask;
          };
    }
    return noised;
  }

  private void requireReal(int token, int position) {
    if (token < 0 || token >= realTokens) {
      throw new IllegalArgumentException(
          "token %d at position %d is not real; expected 0 to %d"
              .formatted(token, position, realTokens - 1));
    }
  }
}
