package dev.anneal.evaluate;

import java.util.List;

/**
 * How far the model can be believed: of the guesses behind masks that it is as sure of, the share
 * that is right. Every masked token that was asked for counts once, however noisy the text around
 * it was.
 *
 * @param bins of the confidence, the chance of the likeliest token, from 0 to 1
 */
public record Calibration(List<Bin> bins) {

  /** Copies the list. */
  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * The guesses of a range of confidence.
   *
   * @param from the least confidence
   * @param to where the next bin begins
   * @param guesses how many there were
   * @param confidence their mean; 0 of none
   * @param right the share of them in which the likeliest token was the text's; 0 of none
   */
  public record Bin(double from, double to, long guesses, double confidence, double right) {}

  /** How many guesses there were. */
  public long guesses() {
    return bins.stream().mapToLong(Bin::guesses).sum();
  }

  /**
   * The expected calibration error: the mean distance between confidence and share, over all
   * guesses; 0 of none.
   */
  public double error() {
    double sum = 0;
    for (Bin bin : bins) {
      sum += bin.guesses() * Math.abs(bin.confidence() - bin.right());
    }
    return sum / Math.max(1, guesses());
  }
}
