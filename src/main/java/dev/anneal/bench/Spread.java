package dev.anneal.bench;

import java.util.Arrays;
import java.util.List;

/**
 * Numbers of several rounds.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param least the smallest
 * @param most the largest
 */
public record Spread(double median, double least, double most) {

  /** That of some numbers, at least one. */
  static Spread of(List<Double> numbers) {
    double[] rising = numbers.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(rising);
    int count = rising.length;
    double median = (rising[(count - 1) / 2] + rising[count / 2]) / 2;
    return new Spread(median, rising[0], rising[count - 1]);
  }
}
