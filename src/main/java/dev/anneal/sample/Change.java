package dev.anneal.sample;

/**
 * What a call did to one token.
 *
 * @param position its place in the text
 * @param id the real token that stands there now, or the mask
 * @param kind how it came there
 */
public record Change(int position, int id, Kind kind) {

  /** The kinds of change. */
  public enum Kind {
    /** A token took the place of a mask; it may still change. */
    PROVISIONAL,
    /** Another token took the place of a token; it may still change. */
    REVISED,
    /** A mask took the place of a token. */
    REMASKED,
    /** The token became final, drawn in this call or before. */
    SETTLED
  }
}
