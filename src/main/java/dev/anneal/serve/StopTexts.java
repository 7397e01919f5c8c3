package dev.anneal.serve;

import static java.util.Comparator.comparingInt;

import java.util.List;

/**
 * Ends a text before the first stop text in it. What may be the beginning of a stop text is held
 * back until it is clear. The stop text that is complete first counts, so that it does not matter
 * in which pieces the text comes.
 */
final class StopTexts {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean met;

  /**
   * Stops at any of these.
   *
   * @param stops none of them empty
   */
  StopTexts(List<String> stops) {
    // Of two that are complete at once the longer began first.
    this.stops = stops.stream().sorted(comparingInt(String::length).reversed()).toList();
  }

  /** Whether a stop text was met: then the text has ended. */
  boolean met() {
    return met;
  }

  /** Takes in a piece of the text, and gives what is sure to belong to it. */
  String feed(String piece) {
    var sure = new StringBuilder();
    for (int i = 0; i < piece.length() && !met; i++) {
      held.append(piece.charAt(i));
      stops.stream().filter(this::ends).findFirst().ifPresent(stop -> end(stop, sure));
      while (!isBeginning()) {
        sure.append(held.charAt(0));
        held.deleteCharAt(0);
      }
    }
    return sure.toString();
  }

  private boolean ends(String stop) {
    return held.length() >= stop.length()
        && stop.contentEquals(held.subSequence(held.length() - stop.length(), held.length()));
  }

  private void end(String stop, StringBuilder sure) {
    sure.append(held, 0, held.length() - stop.length());
    held.setLength(0);
    met = true;
  }

  /** Whether all that is held may be the beginning of a stop text. */
  private boolean isBeginning() {
    return held.isEmpty() || stops.stream().anyMatch(stop -> stop.startsWith(held.toString()));
  }

  /** What was held back, once the text has ended without a stop text. */
  String finish() {
    String rest = held.toString();
    held.setLength(0);
    return rest;
  }
}
