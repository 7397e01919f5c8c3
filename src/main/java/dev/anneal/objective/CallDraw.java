package dev.anneal.objective;

import dev.anneal.schedule.Partition;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The calls of a hyperschedule that one sequence is seen in.
 *
 * @param calls that share no active token
 * @param fraction where in its step of time each call is seen, in [0, 1)
 * @param share see {@link NoisedRow.Call}
 */
record CallDraw(List<Partition> calls, double fraction, double share) {

  /**
   * Draws one of several choices of calls, as often as it holds tokens that are to be seen.
   *
   * @param choices that together hold each token once in each call in which it is active
   * @param seen which tokens are to be seen
   * @param levels how many calls each token is active in
   * @param draw uniform in [0, 1)
   */
  static CallDraw of(List<List<Partition>> choices, Seen seen, int levels, double draw) {
    int[] held =
        choices.stream().mapToInt(calls -> calls.stream().mapToInt(seen::count).sum()).toArray();
    int total = IntStream.of(held).sum();
    if (total == 0) {
      return new CallDraw(List.of(), 0, 0);
    }
    double left = draw * total;
    int chosen = 0;
    while (left >= held[chosen]) {
      left -= held[chosen++];
    }
    double share = total / ((double) held[chosen] * levels);
    return new CallDraw(choices.get(chosen), left / held[chosen], share);
  }
}
