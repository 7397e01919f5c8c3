package dev.anneal.store;

import java.util.regex.Pattern;

/** Text from a file we do not trust, as it may stand in a message: one line, and not a long one. */
public final class Quoted {

  /** Longer than any tensor name met in a published checkpoint, short enough for a terminal. */
  private static final int MAX_CHARACTERS = 120;

  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private Quoted() {}

  /** The text in brackets. */
  public static String of(String text) {
    return "[" + line(text) + "]";
  }

  /** The text, cut where it is long, each invisible character replaced by a question mark. */
  public static String line(String text) {
    String cut =
        text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS - 1) + "…";
    return INVISIBLE.matcher(cut).replaceAll("?");
  }
}
