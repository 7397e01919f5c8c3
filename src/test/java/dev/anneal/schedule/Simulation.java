package dev.anneal.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Plays a hyperschedule call by call, and keeps every state: the oracle of the closed forms. */
final class Simulation {

  private final List<int[]> states = new ArrayList<>();

  Simulation(int length, int levels) {
    int[] noise = new int[length];
    Arrays.fill(noise, levels);
    states.add(noise);
  }

  /** One call: the positions from start to end that exist and are not settled lose a level. */
  void lower(int start, int end) {
    int[] state = states.getLast().clone();
    for (int position = start; position < Math.min(end, state.length); position++) {
      state[position] = Math.max(0, state[position] - 1);
    }
    states.add(state);
  }

  boolean isSettled() {
    return Arrays.stream(states.getLast()).allMatch(level -> level == 0);
  }

  int[][] states() {
    return states.toArray(int[][]::new);
  }
}
