package dev.anneal.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The model as a Markov chain from masks to a text: the chance of every state after every call.
 *
 * @param noise the hyperschedule and the scatter
 * @param guess the denoiser
 */
record ExactChain(ExactNoise noise, ExactNoise.Guess guess) {

  /** The chance that generation ends with this text. */
  double likelihood(int[] text) {
    int length = text.length;
    Map<List<Integer>, Double> chances = Map.of(Collections.nCopies(length, noise.tokens()), 1.0);
    for (int step = 0; step < noise.hyperschedule().steps(length); step++) {
      var next = new HashMap<List<Integer>, Double>();
      for (var entry : chances.entrySet()) {
        spread(step, entry.getKey(), new ArrayList<>(), entry.getValue(), next);
      }
      chances = next;
    }
    return chances.getOrDefault(Arrays.stream(text).boxed().toList(), 0.0);
  }

  /** Spreads the chance of a state over its successors, of which a beginning is given. */
  private void spread(
      int step,
      List<Integer> state,
      List<Integer> begun,
      double chance,
      Map<List<Integer>, Double> next) {
    int position = begun.size();
    if (position == state.size()) {
      next.merge(List.copyOf(begun), chance, Double::sum);
      return;
    }
    double[] update = update(step, state, position);
    for (int token = 0; token < update.length; token++) {
      if (update[token] > 0) {
        begun.add(token);
        spread(step, state, begun, chance * update[token], next);
        begun.removeLast();
      }
    }
  }

  /** The chances of a position's next token, the mask last. */
  private double[] update(int step, List<Integer> state, int position) {
    int tokens = noise.tokens();
    int levels = noise.hyperschedule().levels();
    int before = noise.hyperschedule().level(step, position);
    int after = noise.hyperschedule().level(step + 1, position);
    int token = state.get(position);
    double[] update = new double[tokens + 1];
    if (before == 0 || after == levels || (token != tokens && after > 0)) {
      update[token] = 1;
      return update;
    }
    double[] clean = guess.guess(seen(step, state), position);
    if (token != tokens) {
      double[] decoded = HybridBoundTest.decoded(clean, token, noise.epsilon());
      System.arraycopy(decoded, 0, update, 0, tokens);
      return update;
    }
    double lifted = (before - after) / (double) before;
    double scatter = after == 0 ? 0 : noise.epsilon();
    for (int other = 0; other < tokens; other++) {
      update[other] = lifted * ((1 - scatter) * clean[other] + scatter / tokens);
    }
    update[tokens] = 1 - lifted;
    return update;
  }

  /** All but the worthless tokens. */
  private Map<Integer, Integer> seen(int step, List<Integer> state) {
    var seen = new HashMap<Integer, Integer>();
    for (int position = 0; position < state.size(); position++) {
      if (noise.hyperschedule().level(step + 1, position) < noise.hyperschedule().levels()) {
        seen.put(position, state.get(position));
      }
    }
    return seen;
  }
}
