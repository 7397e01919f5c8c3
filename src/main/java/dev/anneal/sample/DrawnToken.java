package dev.anneal.sample;

/**
 * A token that was drawn from a guess.
 *
 * @param sequence the text
 * @param position its place in the text
 * @param id what was drawn
 * @param confidence the chance that the guess gave it; NaN where nobody asks
 */
record DrawnToken(int sequence, int position, int id, double confidence) {}
