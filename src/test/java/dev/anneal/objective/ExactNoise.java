package dev.anneal.objective;

import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Fate;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Every way in which the ε-hybrid of the linear schedule can strike the calls of a hyperschedule,
 * one after the other, each with its chance: expectations without sampling.
 *
 * @param hyperschedule whose calls
 * @param epsilon the scatter
 * @param tokens N, which is also the mask
 */
record ExactNoise(Hyperschedule hyperschedule, double epsilon, int tokens) {

  /** A denoiser in float64. */
  interface Guess {

    /** The chance of each token at a position, given the tokens that are seen, by position. */
    double[] guess(Map<Integer, Integer> seen, int position);
  }

  /** An active token on its way from time before to time after. */
  record Token(int position, int clean, int noised, Fate fate, double before, double after) {}

  /** One way of noise: what a call sees. */
  record Outcome(double chance, List<Token> active, Map<Integer, Integer> seen) {}

  /** All outcomes of all calls. */
  List<Outcome> outcomes(int[] clean) {
    var outcomes = new ArrayList<Outcome>();
    for (int step = 0; step < hyperschedule.steps(clean.length); step++) {
      int[] active = active(step, clean.length);
      int ways = (int) Math.pow(tokens + 2, active.length);
      for (int way = 0; way < ways; way++) {
        outcomes.add(outcome(step, clean, active, way));
      }
    }
    outcomes.removeIf(outcome -> outcome.chance == 0);
    return outcomes;
  }

  /** The sum over calls and active tokens of the mean of what an active token costs. */
  double expectation(int[] clean, Guess guess, BiFunction<Token, double[], Double> cost) {
    double sum = 0;
    for (Outcome outcome : outcomes(clean)) {
      for (Token token : outcome.active) {
        sum += outcome.chance * cost.apply(token, guess.guess(outcome.seen, token.position));
      }
    }
    return sum;
  }

  /** The same, but what an active token costs is up to an objective of the project. */
  double expectation(int[] clean, Guess guess, Objective objective) {
    var rows = new ArrayList<NoisedRow>();
    var logits = new ArrayList<double[]>();
    for (Outcome outcome : outcomes(clean)) {
      for (Token token : outcome.active) {
        NoisedRow row = row(token, outcome.chance / hyperschedule.levels());
        if (objective.asks(row)) {
          rows.add(row);
          logits.add(guess.guess(outcome.seen, token.position));
        }
      }
    }
    double[] flat =
        logits.stream().flatMapToDouble(java.util.Arrays::stream).map(Math::log).toArray();
    Tensor tensor = Tensors.of(flat, rows.size(), tokens);
    return objective.nats(rows, tensor).sum().item();
  }

  private int[] active(int step, int length) {
    return IntStream.range(0, length)
        .filter(position -> hyperschedule.level(step, position) > 0)
        .filter(position -> hyperschedule.level(step + 1, position) < hyperschedule.levels())
        .toArray();
  }

  /** One of (N + 2)^active ways: a digit for each token, masked, kept, or scattered to 0 … N−1. */
  private Outcome outcome(int step, int[] clean, int[] active, int way) {
    var seen = new HashMap<Integer, Integer>();
    for (int position = 0; position < clean.length; position++) {
      if (hyperschedule.level(step, position) == 0) {
        seen.put(position, clean[position]);
      }
    }
    double chance = 1;
    var struck = new ArrayList<Token>();
    int digits = way;
    for (int position : active) {
      Token token = token(step, position, clean[position], digits % (tokens + 2));
      digits /= tokens + 2;
      struck.add(token);
      seen.put(position, token.noised);
      chance *= chance(token);
    }
    return new Outcome(chance, struck, seen);
  }

  private Token token(int step, int position, int clean, int digit) {
    double levels = hyperschedule.levels();
    double before = hyperschedule.level(step, position) / levels;
    double after = hyperschedule.level(step + 1, position) / levels;
    if (digit == tokens) {
      return new Token(position, clean, tokens, Fate.MASKED, before, after);
    }
    return digit == tokens + 1
        ? new Token(position, clean, clean, Fate.KEPT, before, after)
        : new Token(position, clean, digit, Fate.SCATTERED, before, after);
  }

  private double chance(Token token) {
    return switch (token.fate) {
      case MASKED -> token.before;
      case KEPT -> (1 - token.before) * (1 - epsilon);
      case SCATTERED -> (1 - token.before) * epsilon / tokens;
    };
  }

  private NoisedRow row(Token token, double share) {
    var noise = new Noise(new EpsilonHybrid(epsilon), new Linear());
    var call =
        new NoisedRow.Call(
            noise, token.before, 1 / token.before, token.after == 0, hyperschedule.levels(), share);
    return new NoisedRow(0, 0, token.clean, token.noised, token.fate, call);
  }
}
