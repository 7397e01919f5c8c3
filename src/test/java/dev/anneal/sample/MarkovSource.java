package dev.anneal.sample;

import dev.anneal.tensor.Rng;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/** Texts of four out of five words, each word drawn by the one before: all 625 are enumerated. */
final class MarkovSource {
  static final int WORDS = 5;
  static final int LENGTH = 4;
  static final int TEXTS = 625;

  private static final double[] FIRST = {0.3, 0.1, 0.25, 0.15, 0.2};
  private static final double[][] NEXT = {
    {0.05, 0.70, 0.10, 0.05, 0.10},
    {0.10, 0.05, 0.65, 0.15, 0.05},
    {0.60, 0.10, 0.05, 0.05, 0.20},
    {0.05, 0.05, 0.10, 0.10, 0.70},
    {0.10, 0.05, 0.05, 0.75, 0.05},
  };

  private MarkovSource() {}

  /** The words of a text, by its number. */
  static int[] text(int number) {
    return new int[] {number / 125, number / 25 % 5, number / 5 % 5, number % 5};
  }

  /** The number of a text. */
  static int number(int[] text) {
    return ((text[0] * 5 + text[1]) * 5 + text[2]) * 5 + text[3];
  }

  static double chance(int[] text) {
    double chance = FIRST[text[0]];
    for (int position = 1; position < LENGTH; position++) {
      chance *= NEXT[text[position - 1]][text[position]];
    }
    return chance;
  }

  /** The chance of each text, by its number. */
  static double[] chances() {
    double[] chances = new double[TEXTS];
    Arrays.setAll(chances, number -> chance(text(number)));
    return chances;
  }

  /** The chance of each cell into which texts are sorted. */
  static double[] chances(int cells, ToIntFunction<int[]> cell) {
    double[] chances = new double[cells];
    for (int number = 0; number < TEXTS; number++) {
      chances[cell.applyAsInt(text(number))] += chance(text(number));
    }
    return chances;
  }

  /** How many texts fall into each cell. */
  static long[] count(Iterable<int[]> texts, int cells, ToIntFunction<int[]> cell) {
    long[] counts = new long[cells];
    for (int[] text : texts) {
      counts[cell.applyAsInt(text)]++;
    }
    return counts;
  }

  /** Independent texts. */
  static int[][] draw(int texts, Rng rng) {
    double[] chances = chances();
    int[][] drawn = new int[texts][];
    for (int i = 0; i < texts; i++) {
      double left = rng.uniform(Rng.Purpose.ORDER, i, 0, 0);
      int number = 0;
      while (number < TEXTS - 1 && left >= chances[number]) {
        left -= chances[number++];
      }
      drawn[i] = text(number);
    }
    return drawn;
  }

  /** The mean of log chance, in nats a text. */
  static double meanLogChance(Iterable<int[]> texts) {
    double sum = 0;
    int count = 0;
    for (int[] text : texts) {
      sum += Math.log(chance(text));
      count++;
    }
    return sum / count;
  }
}
