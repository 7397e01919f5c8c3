package dev.anneal.cli;

import java.util.List;

/**
 * Whether a process under steady work goes on growing: its memory in the last quarter of the laps
 * against that in the quarter before, on average, so that what one lap has more than another does
 * not count.
 *
 * @param percent how much more it is
 */
record MemoryGrowth(double percent) {

  /** The most that counts as none; what swings from lap to lap is less, on average. */
  static final double MOST_PERCENT = 0.5;

  /** The growth of a memory that was so large after each lap, of which there are two at least. */
  static MemoryGrowth of(List<Long> megabytes) {
    int laps = megabytes.size();
    int quarter = Math.max(1, laps / 4);
    double last = mean(megabytes.subList(laps - quarter, laps));
    double before = mean(megabytes.subList(laps - 2 * quarter, laps - quarter));
    return new MemoryGrowth(100 * (last / before - 1));
  }

  private static double mean(List<Long> megabytes) {
    return megabytes.stream().mapToLong(Long::longValue).average().orElseThrow();
  }

  boolean isNone() {
    return percent <= MOST_PERCENT;
  }
}
