package dev.anneal.objective;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A denoiser without a network: its guess is an arbitrary but fixed function of the position and of
 * the tokens that the row sees, and of nothing else.
 *
 * @param tokens N
 * @param length the longest text
 */
public record ToyDenoiser(int tokens, int length) implements Denoiser, ExactNoise.Guess {

  @Override
  public double[] guess(Map<Integer, Integer> seen, int position) {
    long state = 0; // a number of its own for each set of seen tokens
    for (int place = 0; place < length; place++) {
      state = state * (tokens + 2) + seen.getOrDefault(place, -1) + 1;
    }
    Rng.Stream draws = new Rng(5).stream(Rng.Purpose.WEIGHTS, state, position);
    double[] chances = new double[tokens];
    for (int token = 0; token < tokens; token++) {
      chances[token] = Math.exp(2 * draws.uniform(token));
    }
    double sum = Arrays.stream(chances).sum();
    return Arrays.stream(chances).map(chance -> chance / sum).toArray();
  }

  /** The tokens that a row of a window sees, by position; none may be seen twice. */
  private static Map<Integer, Integer> seen(Window window, int sequence, int row) {
    AttentionPattern pattern = window.pattern(sequence);
    var seen = new TreeMap<Integer, Integer>();
    for (int key = 0; key < pattern.rows(); key++) {
      if (pattern.sees(row, key)) {
        int position = window.positions(sequence)[key];
        if (seen.put(position, window.ids(sequence)[key]) != null) {
          throw new AssertionError("position %d is seen twice".formatted(position));
        }
      }
    }
    return seen;
  }

  /** {@inheritDoc} In float64. */
  @Override
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    double[] logits = new double[rows.length * tokens];
    for (int i = 0; i < rows.length; i++) {
      int sequence = rows[i] / window.width();
      int row = rows[i] % window.width();
      double[] guess = guess(seen(window, sequence, row), window.positions(sequence)[row]);
      for (int token = 0; token < tokens; token++) {
        logits[i * tokens + token] = Math.log(guess[token]);
      }
    }
    return Tensors.of(logits, rows.length, tokens);
  }

  @Override
  public KvCache newCache(int batch, int length) {
    return KvCache.none();
  }
}
