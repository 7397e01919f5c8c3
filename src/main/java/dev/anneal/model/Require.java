package dev.anneal.model;

/** Checks of sizes. */
final class Require {
  private Require() {}

  static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s %d: expected at least 1".formatted(name, value));
    }
  }
}
