package dev.anneal.recipe;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** How names are spelled in recipes, and which known name an unknown one was meant to be. */
final class Spelling {

  private Spelling() {}

  /** A component's name as a key: {@code learningRate} is learning_rate. */
  static String snake(String camel) {
    return separate(camel, "_");
  }

  /** A type's name as a member's name: {@code EpsilonHybrid} is epsilon-hybrid. */
  static String kebab(String pascal) {
    return separate(pascal, "-");
  }

  /** A type's name in words: {@code NoiseProcess} is noise process. */
  static String words(String pascal) {
    return separate(pascal, " ");
  }

  /** An enum constant as a value: {@code BLANK_LINE} is blank-line. */
  static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String separate(String name, String separator) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", separator)
        .toLowerCase(Locale.ROOT);
  }

  /** "; the nearest known one is …", or nothing where nothing is known. */
  static String suggestion(String unknown, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> distance(unknown, name)))
        .map(name -> "; the nearest known one is '" + name + "'")
        .orElse("");
  }

  /** Insertions, deletions and replacements of letters between two words (Levenshtein). */
  static int distance(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int column = 0; column <= to.length(); column++) {
      above[column] = column;
    }
    for (int row = 1; row <= from.length(); row++) {
      int[] here = new int[to.length() + 1];
      here[0] = row;
      for (int column = 1; column <= to.length(); column++) {
        int replaced = from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1;
        here[column] =
            Math.min(above[column - 1] + replaced, 1 + Math.min(above[column], here[column - 1]));
      }
      above = here;
    }
    return above[to.length()];
  }
}
