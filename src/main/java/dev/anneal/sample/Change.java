package dev.anneal.sample;

import java.util.OptionalDouble;

/**
 * What a call did to one token.
 *
 * @param position its place in the text
 * @param id the real token that stands there now, or the mask
 * @param kind how it came there
 * @param level its noise level after the call; 0 if it is settled
 * @param confidence the chance that the guess gave to the token, after temperature and top-p, when
 *     the guess was last asked; empty of masks, of tokens that no guess was asked for, and where
 *     {@link Request.Telling} does not ask for it
 */
public record Change(int position, int id, Kind kind, int level, OptionalDouble confidence) {

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
