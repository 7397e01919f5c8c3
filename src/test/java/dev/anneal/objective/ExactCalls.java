package dev.anneal.objective;

import dev.anneal.attention.Shifted;
import dev.anneal.noise.Chances;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Fate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The mean loss of a text under a hyperschedule from its definition: every call, every way of the
 * noise, and in continuous times the middles of many small steps; nothing is drawn.
 *
 * @param noising hyperschedule, times, outputs and noise; its windows do not matter
 * @param tokens N, which is also the mask
 */
record ExactCalls(Noising noising, int tokens) {

  private static final int NODES = 8;

  /** An active token under noise, in a call that takes it from a time to another. */
  record Token(int position, int clean, int noised, Fate fate, double time, double after) {}

  /** What an active token costs. */
  interface Cost {
    double nats(Token token, double[] guess);
  }

  /**
   * The sum over tokens of the mean over the calls in which they are active.
   *
   * @param clean the text
   * @param guess of an output, given what its call sees, slot by slot
   */
  double expectation(int[] clean, ExactNoise.Guess guess, Cost cost) {
    double[] passed =
        switch (noising.times()) {
          case GRID -> new double[] {0};
          case AFTER -> new double[] {1};
          case CONTINUOUS ->
              IntStream.range(0, NODES).mapToDouble(node -> (node + 0.5) / NODES).toArray();
        };
    double sum = 0;
    for (int step = 0; step < noising.hyperschedule().steps(clean.length); step++) {
      List<Integer> active = active(step, clean.length);
      int ways = active.isEmpty() ? 0 : (int) Math.pow(tokens + 2, active.size());
      for (double share : passed) {
        for (int way = 0; way < ways; way++) {
          sum += struck(clean, new Moment(step, share, active), way, guess, cost) / passed.length;
        }
      }
    }
    return sum / noising.hyperschedule().levels();
  }

  /** A call, how much of its step of time has passed, and the positions that it updates. */
  private record Moment(int step, double passed, List<Integer> active) {}

  private List<Integer> active(int step, int length) {
    return IntStream.range(0, length)
        .filter(position -> level(step, position) > 0)
        .filter(position -> level(step + 1, position) < noising.hyperschedule().levels())
        .boxed()
        .toList();
  }

  private int level(int step, int position) {
    return noising.hyperschedule().level(step, position);
  }

  /** One of (N + 2)^active ways, a digit for each token, with its chance. */
  private double struck(int[] clean, Moment moment, int way, ExactNoise.Guess guess, Cost cost) {
    Token[] struck = new Token[moment.active.size()];
    double chance = 1;
    int digits = way;
    for (int i = 0; i < struck.length; i++) {
      struck[i] = token(moment, moment.active.get(i), clean, digits % (tokens + 2));
      digits /= tokens + 2;
      chance *= chance(struck[i]);
    }
    double sum = 0;
    if (chance > 0) {
      Map<Integer, Integer> seen = seen(clean, moment, struck);
      for (Token token : struck) {
        sum += cost.nats(token, guess.guess(seen, token.position));
      }
    }
    return chance * sum;
  }

  private Token token(Moment moment, int position, int[] clean, int digit) {
    double levels = noising.hyperschedule().levels();
    double time = (level(moment.step, position) - moment.passed) / levels;
    double after = level(moment.step + 1, position) / levels;
    int original = clean[position];
    if (digit == tokens) {
      return new Token(position, original, tokens, Fate.MASKED, time, after);
    }
    return digit == tokens + 1
        ? new Token(position, original, original, Fate.KEPT, time, after)
        : new Token(position, original, digit, Fate.SCATTERED, time, after);
  }

  private double chance(Token token) {
    Chances chances = noising.noise().at(token.time);
    return switch (token.fate) {
      case MASKED -> chances.masked();
      case KEPT -> chances.kept();
      case SCATTERED -> chances.scattered() / tokens;
    };
  }

  /**
   * By slot: settled and active tokens, all of them; where outputs are shifted, behind the start,
   * and without the last one where it is still at the top level of a noise that only masks.
   */
  private Map<Integer, Integer> seen(int[] clean, Moment moment, Token[] struck) {
    boolean shifts = noising.alignment() instanceof Shifted;
    int shift = shifts ? 1 : 0;
    var seen = new HashMap<Integer, Integer>();
    if (noising.alignment() instanceof Shifted(int start)) {
      seen.put(0, start);
    }
    for (int position = 0; position < clean.length; position++) {
      if (level(moment.step, position) == 0) {
        seen.put(position + shift, clean[position]);
      }
    }
    int last = struck[struck.length - 1].position;
    for (Token token : struck) {
      boolean top = level(moment.step, token.position) == noising.hyperschedule().levels();
      boolean onlyMasks = noising.noise().process() instanceof EpsilonHybrid;
      if (!(shifts && onlyMasks && token.position == last && top)) {
        seen.put(token.position + shift, token.noised);
      }
    }
    return seen;
  }
}
