package dev.anneal.evaluate;

import dev.anneal.task.Example;
import dev.anneal.task.Task;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * How many examples of a task are answered right.
 *
 * @param solved the share of answers that are right as a whole; its error is the binomial one,
 *     absent where all are right or none, of which so many examples cannot tell how sure it is
 * @param tokens the share of the filled tokens that are the example's
 */
public record SolvedShare(Estimate solved, Estimate tokens) {

  /**
   * Counts.
   *
   * @param examples at least one, none of them wholly known
   * @param answers to each, [example][position]
   */
  public static SolvedShare of(Task task, List<Example> examples, int[][] answers) {
    int count = examples.size();
    double share =
        IntStream.range(0, count).filter(i -> task.isSolved(examples.get(i), answers[i])).count()
            / (double) count;
    double[] right = new double[count];
    long[] filled = new long[count];
    for (int i = 0; i < count; i++) {
      Example example = examples.get(i);
      int[] answer = answers[i];
      filled[i] = example.unknown();
      right[i] =
          IntStream.range(0, example.length())
              .filter(position -> !example.isKnown(position))
              .filter(position -> answer[position] == example.token(position))
              .count();
    }
    return new SolvedShare(
        new Estimate(share, error(share, count), count), Estimate.ratio(right, filled));
  }

  private static OptionalDouble error(double share, int count) {
    double variance = share * (1 - share) / count;
    return variance > 0 ? OptionalDouble.of(Math.sqrt(variance)) : OptionalDouble.empty();
  }
}
